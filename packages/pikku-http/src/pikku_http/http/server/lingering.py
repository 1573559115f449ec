"""Connections that end without losing a request that is on its way to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

LINGER: Final = 0.5
"""Seconds in which a request may still arrive after the server has been told to stop."""


class LingeringConnection(HttpToolsProtocol):
    """uvicorn's connection, but for its end.

    What is closed while a request is on its way loses it: the client sees a connection that breaks. So a connection that
    waits for a request waits a little longer, and the answer to the request that has come last tells the client that it
    is the last one (`Connection: close`; RFC 9112, 9.6). Until then it costs nothing.
    """

    is_last: bool = False
    """Whether it has been told to end."""
    _lingers: bool = False
    _marked: RequestResponseCycle | None = None

    def shutdown(self) -> None:
        """Ends the connection with the answer to the last request that has come, or comes soon."""
        self.is_last = self._lingers = True
        self.data_received = self._receive_last  # type: ignore[method-assign]  # of this one alone
        self.transport.set_protocol(self)  # A transport may keep the method that it calls.
        self._say_last()
        self.loop.call_later(LINGER, self.close_if_idle)

    def close_if_idle(self) -> None:
        """Closes it, unless a request is being answered or has begun to come."""
        self._lingers = False
        if cast("object | None", self.parser) is None:
            return  # It has ended.
        latest = self._latest
        # The scope is made with the first byte of a request, and belongs to its cycle once the head is complete.
        begun = self.scope is not (None if latest is None else latest.scope)
        if not begun and (latest is None or latest.response_complete):
            self.transport.close()

    def make_last(self, cycle: RequestResponseCycle, *, last: bool = True) -> None:
        """Ends the connection with the answer to a request, or takes that back while it has not begun."""
        cycle.keep_alive = not last

    @property
    def _latest(self) -> RequestResponseCycle | None:
        """The request whose head came last; None before the first."""
        return cast("RequestResponseCycle | None", self.cycle)

    def _receive_last(self, data: bytes) -> None:
        type(self).data_received(self, data)
        self._say_last()  # Before the answer, for which a task has only just been made.

    def _say_last(self) -> None:
        latest, marked = self._latest, self._marked
        if latest is None or latest is marked:
            return
        if self._lingers:
            if marked is not None and not marked.response_started:
                self.make_last(marked, last=False)
            if self.pipeline:
                self.flow.resume_reading()  # What follows was sent before the client could know.
        self._marked = latest if latest.keep_alive else None
        self.make_last(latest)
