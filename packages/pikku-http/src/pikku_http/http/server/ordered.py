"""Answers in the order of their requests, and the end that comes after the last of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pikku_http.http.server.last_answer import LastTransport, expected, unframed
from pikku_http.http.server.lingering import LINGER, LingeringConnection
from pikku_http.http.server.parting import Parting
from pikku_http.http.server.refusal import final_answer

if TYPE_CHECKING:
    import asyncio
    from http import HTTPStatus

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from pikku_http.http.asgi import ASGIApp
    from pikku_http.http.server.limits import Limits


class OrderedConnection(LingeringConnection):
    """One connection, from where its requests have been read.

    What is wrong with a request is said in its turn: after the answers to those before it.

    Args:
        limits: What the client may take.
        options: Those of uvicorn's protocol.

    Attributes:
        running: The request that is being answered, or was last.
        drained: How often the client has taken what waited to be sent.
        is_shut: Whether the client has shut its side.
    """

    def __init__(self, *, limits: Limits, **options: Any) -> None:
        super().__init__(**options)
        self.running: Any = None
        self.drained = 0
        self.is_shut = False
        self._limits = limits
        self._parted = False
        self._refusal: bytes | None = None
        self._last: LastTransport | None = None

    @property
    def written(self) -> int:
        """How often something was written since the client has shut its side."""
        return 0 if self._last is None else self._last.writes

    def on_response_complete(self) -> None:
        """Goes on with the next request; a connection that stays idle is found by `look_after`, without a timer."""
        self.server_state.total_requests += 1
        if self._parted or self.transport.is_closing():
            return
        if self.flow.read_paused:
            self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
        elif self._refusal is not None:
            self.part(self._refusal)

    def resume_writing(self) -> None:
        """The client has taken what waited."""
        self.drained += 1
        super().resume_writing()

    def eof_received(self) -> bool | None:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]  # asyncio has a bool there
        """Whether the connection stays: a client that shuts its side still gets the answers to what it has asked."""
        self._drop_unfinished()
        running = self.running
        last = self.pipeline[0][0] if self.pipeline else running
        if last is None or last.response_complete or last.more_body:
            return None
        if running.response_started and running.chunked_encoding:
            return None  # A stream: there is no telling this from a client that has left.
        self.make_last(last)
        self.shut()
        return True

    def shut(self) -> None:
        """Notes that the client has shut its side, and counts what is written from now on."""
        self.is_shut = True
        for cycle in (self.running, *(waiting for waiting, _ in self.pipeline)):
            cycle.transport = self._last_transport()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tells the request that is being answered; those that wait are not begun."""
        self.pipeline.clear()
        running = self.running
        if running is not None and not running.response_complete:
            running.disconnected = True
            running.waiting_for_100_continue = False
            running.message_event.set()
        super().connection_lost(exc)

    def make_last(self, cycle: RequestResponseCycle, *, last: bool = True) -> None:
        """Ends the connection with the answer to a request, or takes that back while it has not begun."""
        super().make_last(cycle, last=last)
        cycle.transport = self._last_transport() if last else self.transport

    def end(self) -> None:
        """Ends the connection after its last answer."""
        if self._parted:
            return
        if self.running.more_body:
            self.part()
        elif self.is_last:
            self.part(seconds=LINGER)
        else:
            self.transport.close()

    def part(self, answer: bytes = b"", seconds: float | None = None) -> None:
        """Ends the connection; the application is told that the client has left.

        Args:
            answer: What is sent before.
            seconds: What the client has to notice; default: that of all that are sent away.
        """
        self._parted = True
        self.flow.resume_reading()
        self.connection_lost(ConnectionAbortedError())
        limits = self._limits
        Parting(
            self.connections,
            self.transport,
            answer,
            limits.parting if seconds is None else seconds,
            limits.send_timeout,
        )

    def refuse(self, status: HTTPStatus, message: str) -> None:
        """Answers what is being read, in its turn, and reads no more."""
        self._refusal = final_answer(status, message, self.server_state.default_headers)
        self._drop_unfinished()
        running = self.running
        if running is None:
            return self.part(self._refusal)
        is_unfinished = running.scope is self.scope and running.more_body
        if running.response_complete:
            return self.part(b"" if is_unfinished else self._refusal)
        if not is_unfinished:
            return self.flow.resume_reading()  # Else nobody would notice that the client leaves.
        if running.response_started:
            return self.transport.close()
        return self.part(self._refusal)

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        self.running = cycle
        if not cycle.keep_alive or cycle.waiting_for_100_continue:
            app = self._prepared(cycle, app)
        task = self.loop.create_task(cycle.run_asgi(app))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def _prepared(self, cycle: Any, app: ASGIApp) -> ASGIApp:
        """What answers a request that is the last, or whose client waits before it sends the body."""
        if not cycle.keep_alive:
            self.make_last(cycle)
        if cycle.scope["http_version"] != "1.1":
            cycle.waiting_for_100_continue = False
            return unframed(app, cycle)
        return expected(app, cycle, self.make_last) if cycle.waiting_for_100_continue else app

    def _last_transport(self) -> asyncio.Transport:
        if self._last is None:
            self._last = LastTransport(self.transport, self)
        return cast("asyncio.Transport", self._last)

    def _drop_unfinished(self) -> None:
        """Forgets a request that waits for its turn, and whose body will not come."""
        if self.pipeline and self.pipeline[0][0].more_body:
            self.pipeline.popleft()
