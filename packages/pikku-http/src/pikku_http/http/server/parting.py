"""The end of a connection whose client may still be sending: it is answered, and read from until it has noticed.

A socket that is closed while bytes are unread resets the connection, and the answer may be lost with it (RFC 9112, 9.6).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import TimerHandle


class Parting(asyncio.Protocol):
    """Reads a connection away until the client closes it, or its time is over.

    It is a connection of the server for that long: it counts for its limit, and is waited for at its end.

    Args:
        connections: Those of the server.
        transport: Of the connection.
        answer: What is sent before; it says that the connection is closed.
        seconds: What the client has to read it.
    """

    def __init__(
        self, connections: set[Any], transport: asyncio.Transport, answer: bytes, seconds: float
    ) -> None:
        self.transport = transport
        self._connections = connections
        self._timer: TimerHandle | None = None
        if transport.is_closing():
            return
        connections.add(self)
        transport.set_protocol(self)
        if answer:
            transport.write(answer)
        if transport.can_write_eof():
            transport.write_eof()
        self._timer = asyncio.get_running_loop().call_later(seconds, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Throws it away."""
        del data

    def shutdown(self) -> None:
        """Is ending already."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends the waiting."""
        del exc
        self._connections.discard(self)
        if self._timer is not None:
            self._timer.cancel()
