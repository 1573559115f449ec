"""The end of a connection whose client may still be sending: it is answered, and read from until it has noticed.

A socket that is closed while bytes are unread resets the connection, and the answer may be lost with it (RFC 9112, 9.6).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import TimerHandle
    from http import HTTPStatus


class Parting(asyncio.Protocol):
    """Reads a connection away until the client closes it, or its time is over.

    Args:
        answer: What is sent before; it says that the connection is closed.
        seconds: What the client has to read it.
    """

    def __init__(self, transport: asyncio.Transport, answer: bytes, seconds: float) -> None:
        self._timer: TimerHandle | None = None
        if transport.is_closing():
            return
        transport.set_protocol(self)
        if answer:
            transport.write(answer)
        if transport.can_write_eof():
            transport.write_eof()
        self._timer = asyncio.get_running_loop().call_later(seconds, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Throws it away."""
        del data

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends the waiting."""
        del exc
        if self._timer is not None:
            self._timer.cancel()


def final_answer(status: HTTPStatus, message: str) -> bytes:
    """An answer of the server's own, as text: no application has been asked, or none may answer any more."""
    body = message.encode("ascii")
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "content-type: text/plain; charset=utf-8\r\n"
        f"content-length: {len(body)}\r\n"
        "connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
