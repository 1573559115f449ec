"""The streams of events that an application has open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakSet

if TYPE_CHECKING:
    from pikku_http.http.asgi import Send
    from pikku_http.http.streams.event_stream import EventStream
    from pikku_http.http.streams.stream import StreamForm

HEARTBEAT: Final = 15.0
"""Seconds without an event after which a comment is sent. Proxies close connections on which nothing happens."""


class EventStreams:
    """All of them.

    Args:
        heartbeat: Seconds without an event after which a comment is sent.
    """

    def __init__(self, heartbeat: float = HEARTBEAT) -> None:
        self._heartbeat = heartbeat
        self._open: WeakSet[EventStream] = WeakSet()
        self._draining = False

    def begin(self, send: Send, form: StreamForm, headers_only: bool) -> EventStream:
        """A stream of events; one that begins after `drain` ends at once."""
        from pikku_http.http.streams.event_stream import EventStream

        stream = EventStream(send, form, headers_only=headers_only, heartbeat=self._heartbeat)
        self._open.add(stream)
        if self._draining:
            stream.drain()
        return stream

    def drain(self) -> None:
        """Ends them all: the clients come back, to a server that stays."""
        self._draining = True
        for stream in list(self._open):
            stream.drain()
