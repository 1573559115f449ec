"""From a request to a stream: the invocation runs in a task of its own, which ends with the interest in it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pikku_core.runtime import is_outcome
from pikku_http.http.body import ClientDisconnectedError
from pikku_http.http.errors import log
from pikku_http.http.stream import Stream, StreamForm, StreamWire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pikku_core.runtime.plan import Read
    from pikku_http.http.asgi import Receive, Scope, Send
    from pikku_http.http.errors import ErrorResponder
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle
    from pikku_http.http.wiring import HttpWiring


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRunner:
    """Makes the handler of a wiring whose function is a stream.

    Attributes:
        function: The id of the function.
        reads_body: Whether the invocation reads the body of the request.
    """

    wiring: HttpWiring
    function: str
    errors: ErrorResponder
    reads_body: bool

    def handler(self, invoke: Callable[[StreamWire], Awaitable[None]], form: StreamForm) -> Handle:
        """The handler that answers with a stream of that form."""
        status, name, function = self.wiring.status, self.wiring.id, self.function
        reads_body = self.reads_body

        async def handle(scope: Scope, receive: Receive, send: Send, values: Values) -> None:
            stream = Stream(send, form, status, headers_only=scope["method"] == "HEAD")
            wire = StreamWire(name, function, scope, receive, values)
            wire.stream = stream
            if not reads_body:
                stream.arrived.set()
            error = await attended(invoke, wire)
            if error is not None:
                await self._failed(error, wire, send)
            elif not stream.over.is_set():
                await stream.end(wire)

        return handle

    async def _failed(self, error: BaseException, wire: StreamWire, send: Send) -> None:
        """Answers an error, or cuts the stream: a server closes the connection of an answer that was not ended."""
        if not wire.stream.opened and not wire.stream.over.is_set():
            await self.errors.respond(
                error, wire.scope, send, where=wire.wiring, http=wire.http, trace_id=wire.trace_id
            )
        elif not isinstance(error, ClientDisconnectedError):
            log.error(
                'The stream of "%s" was cut (trace id %s).',
                wire.wiring,
                wire.trace_id,
                exc_info=error,
            )


def watched(read: Read | None) -> Read | None:
    """A `Read` that says when the body has arrived: until then nobody else may listen to the client."""
    if read is None or not read.is_async:
        return read
    from pikku_core.runtime.plan import Read

    async def read_and_say(wire: StreamWire) -> Any:
        data = await read.call(wire)
        wire.stream.arrived.set()
        return data

    return Read(read_and_say, is_async=True)


async def attended(
    invoke: Callable[[StreamWire], Awaitable[None]], wire: StreamWire
) -> BaseException | None:
    """Runs an invocation until it ends or nobody waits for more, and returns the error that it ended in.

    It returns when the generator and the call services have been closed.
    """
    stream = wire.stream
    invocation = asyncio.create_task(ending(invoke, wire))
    watch = asyncio.create_task(stream.watch(wire.receive))
    over = asyncio.create_task(stream.over.wait())
    try:
        await asyncio.wait({invocation, over}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watch.cancel()
        over.cancel()
        invocation.cancel()
        await asyncio.wait({invocation, watch, over})
    return None if invocation.cancelled() else invocation.result()


async def ending(
    invoke: Callable[[StreamWire], Awaitable[None]], wire: StreamWire
) -> BaseException | None:
    """The error that an invocation ends in: raised, a `SystemExit` would end the loop, and with it the server."""
    try:
        await invoke(wire)
    except BaseException as error:
        if not is_outcome(error):
            raise
        return error
    return None
