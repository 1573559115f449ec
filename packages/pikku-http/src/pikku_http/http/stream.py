"""The answer of a generator function: opened with its first item, ended after the last, cut where something fails."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pikku_http.http.answer import with_http
from pikku_http.http.body import ClientDisconnectedError
from pikku_http.http.http import HttpWire

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_http.http.asgi import Header, Message, Receive, Send

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


class Stream:
    """One answer that is written while its function runs.

    Attributes:
        opened: Whether status and headers have been sent: an error can no longer be answered.
        arrived: Whether the request has been read: from then on, what comes is that the client leaves.
        over: Whether nobody waits for more: the client has left, or asked for the headers alone.
    """

    def __init__(self, send: Send, form: StreamForm, status: int, *, headers_only: bool) -> None:
        self._send = send
        self._form = form
        self._status = status
        self._headers_only = headers_only
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()
        self.opened = False
        self.arrived = asyncio.Event()
        self.over = asyncio.Event()

    async def emit(self, wire: HttpWire, content: bytes) -> None:
        """Sends an item, and waits while the client takes no more."""
        form = self._form
        if self.opened:
            before = form.between
        else:
            await self.open(wire)
            before = form.begin
        await self._part(before + content, more=True)
        now = self._loop.time()
        if now - self._since > PATIENCE:
            # Sending waits only where the client is slower than the function.
            await asyncio.sleep(0)
            self._since = now

    async def open(self, wire: HttpWire) -> None:
        """Sends status and headers, with what `http` has been told until now."""
        self.opened = True
        status, headers = with_http(self._status, list(self._form.headers), wire.http)
        await self._send_message(
            {"type": "http.response.start", "status": status, "headers": headers}
        )
        if self._headers_only:
            await self._part(b"", more=False)
            self.over.set()
            await asyncio.Event().wait()

    async def end(self, wire: HttpWire) -> None:
        """Sends what comes after the last item."""
        form = self._form
        before = b""
        if not self.opened:
            before = form.begin
            await self.open(wire)
        await self._part(before + form.end, more=False)

    async def watch(self, receive: Receive) -> None:
        """Waits for the client to leave."""
        await self.arrived.wait()
        while (await receive())["type"] != "http.disconnect":
            pass
        self.over.set()

    async def _part(self, body: bytes, *, more: bool) -> None:
        await self._send_message({"type": "http.response.body", "body": body, "more_body": more})

    async def _send_message(self, message: Message) -> None:
        try:
            await self._send(message)
        except OSError as error:  # So servers say that the client has left; others say nothing.
            raise ClientDisconnectedError from error


async def emit(wire: StreamWire, content: bytes) -> None:
    """Sends an item of an invocation; what `App.plan` is given."""
    await wire.stream.emit(wire, content)
