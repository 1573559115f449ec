"""From a request to a stream: the invocation runs in a task of its own, which ends with the interest in it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pikku_core import ServiceUnavailableError
from pikku_core.runtime import is_outcome
from pikku_http.http.body import ClientDisconnectedError
from pikku_http.http.errors import log
from pikku_http.http.observe.exchange import note_error
from pikku_http.http.streams.stream import Stream, StreamForm, StreamWire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pikku_core.runtime.plan import Read
    from pikku_http.http.asgi import Receive, Scope, Send
    from pikku_http.http.errors import ErrorResponder
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle
    from pikku_http.http.wiring import HttpWiring


REPEATED: Final = frozenset({"GET", "HEAD"})
"""The methods of an `EventSource`, which comes back where a stream ends, and stays away after an error."""

RETRY_AFTER: Final = 5
"""Seconds after which another server has taken over."""

Begin: TypeAlias = "Callable[[Send, StreamForm, bool], Stream]"
"""Makes the answer of a request; the flag says that it asks for the headers alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRunner:
    """Makes the handlers of a wiring that is answered with a stream.

    Attributes:
        function: The id of the function.
        reads_body: Whether the invocation reads the body of the request.
        wire: The class of the wires.
    """

    wiring: HttpWiring
    function: str
    errors: ErrorResponder
    reads_body: bool
    wire: type[StreamWire] = StreamWire

    def begin(self, send: Send, form: StreamForm, headers_only: bool) -> Stream:
        """An answer that is items and nothing else."""
        return Stream(send, form, self.wiring.status, headers_only=headers_only)

    def handler(
        self,
        invoke: Callable[[StreamWire], Awaitable[Any]],
        form: StreamForm,
        begin: Begin | None = None,
    ) -> Handle:
        """The handler that answers with a stream of that form."""
        name, function, make = self.wiring.id, self.function, self.wire
        reads_body, begin = self.reads_body, begin or self.begin

        async def handle(scope: Scope, receive: Receive, send: Send, values: Values) -> None:
            stream = begin(send, form, scope["method"] == "HEAD")
            wire = make(name, function, scope, receive, values)
            wire.stream = stream
            if not reads_body:
                stream.arrived.set()
            result, error = await attended(invoke, wire)
            if stream.drained and not stream.opened and scope["method"] not in REPEATED:
                error = error or stopping()
            try:
                if error is None and stream.drained:
                    await Stream.end(stream, wire, None)
                elif error is None and not stream.over.done():
                    await stream.end(wire, result)
            except Exception as raised:  # noqa: BLE001 - see `Http.before_stream`
                error = raised
            if error is not None:
                await self._failed(error, wire, send)

        return handle

    async def _failed(self, error: BaseException, wire: StreamWire, send: Send) -> None:
        """Answers an error, or cuts the stream: a server closes the connection of an answer that was not ended."""
        stream = wire.stream
        if not stream.opened and (stream.drained or not stream.over.done()):
            await self.errors.respond(
                error, wire.scope, send, where=wire.wiring, http=wire.http, trace_id=wire.trace_id
            )
        elif not isinstance(error, ClientDisconnectedError):
            note_error(wire.scope, error)
            log.error(
                'The stream of "%s" was cut (trace id %s).',
                wire.wiring,
                wire.trace_id,
                exc_info=error,
            )


def stopping() -> ServiceUnavailableError:
    """The error of a call that a server which stops did not begin, or gave up before it had said anything."""
    return ServiceUnavailableError("The server stops.", retry_after=RETRY_AFTER, is_logged=True)


def watched(read: Read | None) -> Read | None:
    """A `Read` that says when the body has arrived: until then nobody else may listen to the client."""
    if read is None or not read.is_async:
        return read
    from pikku_core.runtime.plan import Read

    async def read_and_say(wire: StreamWire) -> Any:
        data = await read.call(wire)
        stream: Stream | None = getattr(wire, "stream", None)  # None for who does not accept events
        if stream is not None:
            stream.arrived.set()
        return data

    return Read(read_and_say, is_async=True)


async def attended(
    invoke: Callable[[StreamWire], Awaitable[Any]], wire: StreamWire
) -> tuple[Any, BaseException | None]:
    """Runs an invocation until it ends or nobody waits for more; returns what it ended in: a result or an error.

    It returns when the generator and the call services have been closed.
    """
    stream = wire.stream
    invocation = asyncio.create_task(ending(invoke, wire))
    watch = asyncio.create_task(stream.watch(wire.receive))
    try:
        while not (invocation.done() or stream.over.done()):
            awaited: set[asyncio.Future[Any]] = {invocation, stream.over}
            done, _ = await asyncio.wait(
                awaited, timeout=stream.pause(), return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                await beating(stream, wire)
    except Exception as error:  # noqa: BLE001 - whatever opening the stream ends in is its outcome
        return None, error
    finally:
        watch.cancel()
        invocation.cancel()
        await asyncio.wait({invocation, watch})
    return (None, None) if invocation.cancelled() else invocation.result()


async def beating(stream: Stream, wire: StreamWire) -> None:
    """What is due; a client that is found to have left ends the stream."""
    try:
        await stream.beat(wire)
    except ClientDisconnectedError:
        stream.leave()


async def ending(
    invoke: Callable[[StreamWire], Awaitable[Any]], wire: StreamWire
) -> tuple[Any, BaseException | None]:
    """What an invocation ends in: raised, a `SystemExit` would end the loop, and with it the server."""
    try:
        return await invoke(wire), None
    except BaseException as error:
        if not is_outcome(error):
            raise
        return None, error
