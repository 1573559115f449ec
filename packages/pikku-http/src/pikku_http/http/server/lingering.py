"""Connections that end without losing a request that is on its way to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

LINGER: Final = 0.5
"""Seconds in which a request may still arrive after the server has been told to stop."""


class LingeringConnection(HttpToolsProtocol):
    """uvicorn's connection, but for its end.

    What is closed while a request is on its way loses it: the client sees a connection that breaks. So a connection that
    waits for a request waits a little longer, and the next answer tells the client that it is the last one
    (`Connection: close`; RFC 9112, 9.6). Until then it costs nothing.
    """

    is_last: bool = False
    """Whether it has been told to end."""

    def shutdown(self) -> None:
        """Ends the connection with the answer that is being made, or else with the next one if it comes soon."""
        self.is_last = True
        self.data_received = self._receive_last  # type: ignore[method-assign]  # of this one alone
        self.transport.set_protocol(self)  # A transport may keep the method that it calls.
        self._say_last()
        self.loop.call_later(LINGER, self.close_if_idle)

    def close_if_idle(self) -> None:
        """Closes it, unless a request is being answered or has begun to come."""
        cycle = self._cycle()
        # The scope is made with the first byte of a request, and belongs to its cycle once the head is complete.
        begun = self.scope is not (None if cycle is None else cycle.scope)
        if not begun and (cycle is None or cycle.response_complete):
            self.transport.close()

    def _receive_last(self, data: bytes) -> None:
        type(self).data_received(self, data)
        self._say_last()  # Before the answer, for which a task has only just been made.

    def _say_last(self) -> None:
        cycle = self._cycle()
        if cycle is not None:
            cycle.keep_alive = False

    def _cycle(self) -> RequestResponseCycle | None:
        return self.cycle
