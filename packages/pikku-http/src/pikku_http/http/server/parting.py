"""The end of a connection whose client may still be sending: it is answered, and read from until it has noticed.

A socket that is closed while bytes are unread resets the connection, and the answer may be lost with it (RFC 9112, 9.6).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
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
        seconds: What the client has to notice, once all that it is sent is on its way.
        send_timeout: Seconds after which a client that takes nothing of that is let go.
    """

    def __init__(
        self,
        connections: set[Any],
        transport: asyncio.Transport,
        answer: bytes,
        seconds: float,
        send_timeout: float,
    ) -> None:
        self.transport = transport
        self._connections = connections
        self._seconds = seconds
        self._send_timeout = send_timeout
        self._timer: TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        if transport.is_closing():
            return
        connections.add(self)
        transport.set_protocol(self)
        if answer:
            transport.write(answer)
        if transport.can_write_eof():
            with suppress(
                OSError
            ):  # The client may have reset the connection, which is noticed soon.
                transport.write_eof()
        self._since = self._loop.time()
        self._wait(transport.get_write_buffer_size())

    def _wait(self, unsent: int) -> None:
        self._unsent = unsent
        self._timer = self._loop.call_later(self._seconds, self._look)

    def _look(self) -> None:
        now, unsent = self._loop.time(), self.transport.get_write_buffer_size()
        if unsent < self._unsent:
            self._since = now
        elif not unsent or now - self._since >= self._send_timeout:
            return self.transport.abort()
        return self._wait(unsent)

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
