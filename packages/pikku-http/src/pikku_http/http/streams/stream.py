"""The answer of a generator function: opened with its first item, ended after the last, cut where something fails."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pikku_core import InternalError
from pikku_http.http.answer import NO_CONTENT, Answer, send_answer, with_http
from pikku_http.http.body import ClientDisconnectedError
from pikku_http.http.http import HttpWire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pikku_http.http.asgi import Header, Message, Receive, Send
    from pikku_http.http.http import Http

PATIENCE: Final = 0.01
"""Seconds after which a stream that never waits lets others have their turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamForm:
    """How a stream looks on the wire.

    Attributes:
        headers: What every such answer carries.
        write: Makes the bytes of an item.
        begin, between, end: What stands before the first item, before each other, and after the last.
    """

    headers: tuple[Header, ...]
    write: Callable[[Any], bytes]
    begin: bytes = b""
    between: bytes = b""
    end: bytes = b""


class StreamWire(HttpWire):
    """A request that is answered with a stream.

    Attributes:
        stream: The answer.
    """

    __slots__ = ("stream",)

    stream: Stream

    def make_http(self) -> Http:
        """The wire thing `http`; made by a call within the stream it knows that the headers are on their way."""
        http = HttpWire.make_http(self)
        stream: Stream | None = getattr(self, "stream", None)  # None for who does not accept events
        http.sent = http.sent or (stream is not None and stream.opened)
        return http

    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {**HttpWire.things, "http": make_http}


class Stream:
    """One answer that is written while its function runs.

    Attributes:
        opened: Whether status and headers have been sent: an error can no longer be answered.
        arrived: Whether the request has been read: from then on, what comes is that the client leaves.
        over: Done when nobody waits for more: the client has left, or asked for the headers alone.
        drained: Whether the server ended it before its time.
    """

    drained = False

    def __init__(self, send: Send, form: StreamForm, status: int, *, headers_only: bool) -> None:
        self.loop = asyncio.get_running_loop()
        self.opened = False
        self.arrived = asyncio.Event()
        self.over: asyncio.Future[None] = self.loop.create_future()
        self._send = send
        self._form = form
        self._status = status
        self.headers_only = headers_only
        self._since = self.loop.time()

    async def emit(self, wire: HttpWire, content: bytes) -> None:
        """Sends an item, and waits while the client takes no more."""
        form = self._form
        before = form.between if self.opened else form.begin
        await self.open(wire)
        if self.headers_only:
            await asyncio.Event().wait()  # The invocation is about to be cancelled.
        await self.part(before + content)
        now = self.loop.time()
        if now - self._since > PATIENCE:
            # Sending waits only where the client is slower than the function.
            await asyncio.sleep(0)
            self._since = now

    async def open(self, wire: HttpWire) -> None:
        """Sends status and headers, unless that is done, with what `http` has been told until now.

        Raises:
            InternalError: The status that was set has no body.
            PikkuError: What middleware does before that has failed; see `Http.before_stream`.
        """
        if self.opened:
            return
        if wire.http is not None and not self.drained:
            await wire.http.open_stream()
        status, headers = with_http(self._status, list(self._form.headers), wire.http)
        if status in NO_CONTENT:
            raise InternalError(f'The status {status} has no body, but "{wire.function}" yields.')
        self.opened = True
        await self._message({"type": "http.response.start", "status": status, "headers": headers})
        if self.headers_only:
            await self.part(b"", more=False)
            self.leave()

    async def end(self, wire: HttpWire, result: bytes | None) -> None:
        """Sends what comes after the last item; without an item a status that has no body is answered so.

        Args:
            result: What the function returned, where its items are not all.
        """
        del result
        form, http = self._form, wire.http
        if not self.opened and http is not None and http.status in NO_CONTENT:
            await send_answer(self._message, Answer(self._status, (), b""), self._status, http)
            return
        before = b"" if self.opened else form.begin
        await self.open(wire)
        if not self.headers_only:
            await self.part(before + form.end, more=False)

    def leave(self) -> None:
        """Says that nobody waits for more."""
        if not self.over.done():
            self.over.set_result(None)

    def pause(self) -> float | None:
        """Seconds until `beat` shall be called; None: never."""
        return None

    async def beat(self, wire: HttpWire) -> None:
        """Does what is due while nothing happens."""

    async def watch(self, receive: Receive) -> None:
        """Waits for the client to leave."""
        await self.arrived.wait()
        while (await receive())["type"] != "http.disconnect":
            pass
        self.leave()

    async def part(self, body: bytes, *, more: bool = True) -> None:
        """Sends a part of the body."""
        await self._message({"type": "http.response.body", "body": body, "more_body": more})

    async def _message(self, message: Message) -> None:
        try:
            await self._send(message)
        except OSError as error:  # So some servers say that the client has left.
            raise ClientDisconnectedError from error


async def emit(wire: StreamWire, content: bytes) -> None:
    """Sends an item of an invocation; what `App.plan` is given."""
    await wire.stream.emit(wire, content)
