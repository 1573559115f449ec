"""A connection of `pikku serve`: uvicorn's, with limits on what a client sends and on how slowly it does.

Time is not measured request by request. All connections are looked at every now and then (`look_after`), and what each
waits for is known from its state: requests that come as they should pay nothing for the timeouts.
"""

from __future__ import annotations

import asyncio
from collections import deque
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pikku_http.http.server.last_answer import LastAnswer
from pikku_http.http.server.limits import BODY_RATE
from pikku_http.http.server.lingering import LingeringConnection
from pikku_http.http.server.parting import Parting, final_answer
from pikku_http.http.server.trailers import Trailers

if TYPE_CHECKING:
    from collections.abc import Collection

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from pikku_http.http.server.limits import Limits

MAX_PIPELINED: Final = 100
"""Requests that may wait for the answer to the one before them; each takes more memory than it has bytes."""

Debt: TypeAlias = Literal["head", "body", "next"]
"""What a client owes: a head that has begun or never did, the body of a request, or another request."""

read: Final = HttpToolsProtocol.data_received


class Pipeline(deque[Any]):
    """The requests that wait for their turn."""

    def appendleft(self, request: Any) -> None:
        """Takes one more.

        Raises:
            ValueError: There are too many; the parser then ends the connection.
        """
        if len(self) >= MAX_PIPELINED:
            raise ValueError("Too many requests wait for their answers.")
        super().appendleft(request)


class Connection(LingeringConnection):
    """One connection.

    Args:
        limits: What the client may take.
        options: Those of uvicorn's protocol.
    """

    def __init__(self, *, limits: Limits, **options: Any) -> None:
        super().__init__(**options)
        self.pipeline = Pipeline()
        self._limits = limits
        self._max_head = limits.max_head
        # The part of a head that has arrived, and whose it is.
        self._head_size = 0
        self._tail = b""
        self._head_of: object = None
        # Bytes that came while a body was incomplete.
        self._received = 0
        self._has_body = False
        self._trailing = 0
        self._last: object = None
        self._shut_since: float | None = None
        self._debt: tuple[Debt, object] | None = ("head", None)
        self._since = 0.0
        self._received_then = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Takes a connection, or sends it away where there are too many."""
        super().connection_made(transport)
        self._since = self.loop.time()
        most = self._limits.max_connections
        if most and len(self.connections) > most:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "There are too many connections.")

    def data_received(self, data: bytes) -> None:
        """Reads on, and counts what is not a whole request yet."""
        if len(data) > self._max_head and self._is_large_head(data):
            return self._refuse_head()
        read(self, data)
        cycle: Any = self.cycle
        if cycle is None or cycle.scope is not self.scope:
            if self._is_over():
                return None
            self._tail = data[-3:]
            if self._head_grows(data):
                self._refuse_head()
            return None
        if cycle.more_body:
            self._received += len(data)
            if self._trails_on(data):
                return self._refuse_head()
        if not cycle.keep_alive and self._last is not cycle:
            self._last = cycle
            cycle.send = LastAnswer(cycle, self.part).send
        return None

    def on_body(self, body: bytes) -> None:
        """Takes a part of a body."""
        self._has_body = True
        super().on_body(body)

    def on_response_complete(self) -> None:
        """Goes on with the next request; a connection that stays idle is found by `look_after`, without a timer."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)

    def on_chunk_header(self) -> None:
        """Keeps the fields that follow a chunked body out of the headers.

        Raises:
            ValueError: The body is encoded in another way too, which nobody undoes.
        """
        if isinstance(self.headers, Trailers):
            return
        codings = [value for name, value in self.headers if name == b"transfer-encoding"]
        if b", ".join(codings).lower() != b"chunked":
            raise ValueError("The transfer encoding is unknown.")
        self.headers = Trailers()

    def eof_received(self) -> bool | None:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]  # asyncio has a bool there
        """Whether the connection stays: a client that shuts its side after a request still gets the answer."""
        cycle = self._request()
        if cycle is None or cycle.more_body or cycle.response_started or self.pipeline:
            return None
        cycle.keep_alive = False
        self._shut_since = self.loop.time()
        return True

    def send_400_response(self, msg: str) -> None:
        """Refuses what is no HTTP, unless requests wait for their answers: these are sent, and nothing more."""
        latest = self._latest
        is_due = latest is not None and not latest.response_complete
        if latest is not None and is_due and (self.pipeline or not latest.more_body):
            self.flow.pause_reading()
            latest.keep_alive = False
        elif latest is not None and is_due and latest.response_started:
            self.transport.close()
        elif not is_due and self._request() is not None:
            self.part()
        else:
            self._refuse(HTTPStatus.BAD_REQUEST, msg)

    def part(self, answer: bytes = b"") -> None:
        """Ends the connection; the application is told that the client has left.

        Args:
            answer: What is sent before.
        """
        self.flow.resume_reading()
        self.connection_lost(ConnectionAbortedError())
        Parting(self.transport, answer, self._limits.parting)

    def look_after(self, now: float) -> None:
        """Ends the connection if the client has owed something for too long.

        Args:
            now: The time of the loop.
        """
        if self.transport.is_closing():
            return
        if self._shut_since is not None:
            self._look_after_shut(self._shut_since, now)
            return
        debt = self._owed()
        if debt is None or debt != self._debt:
            self._debt, self._since, self._received_then = debt, now, self._received
        elif debt[0] == "body":
            self._look_after_body(now)
        elif debt[0] == "next":
            if now - self._since >= self._limits.keep_alive:
                self.transport.close()
        elif now - self._since >= self._limits.header_timeout:
            self._end_late_head()

    def _look_after_shut(self, since: float, now: float) -> None:
        limits = self._limits
        if self.transport.get_write_buffer_size():
            self._shut_since = now
        elif now - since >= (
            limits.parting if self.cycle.response_started else limits.body_timeout
        ):
            self.transport.close()

    def _look_after_body(self, now: float) -> None:
        timeout = self._limits.body_timeout
        if now - self._since < timeout:
            return
        if self._received - self._received_then < BODY_RATE * timeout:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The body did not arrive in time.")
        self._since, self._received_then = now, self._received

    def _end_late_head(self) -> None:
        if cast("object | None", self.scope) is None:
            self.transport.close()  # It has asked for nothing.
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The headers did not arrive in time.")

    @property
    def _latest(self) -> RequestResponseCycle | None:
        """The request whose head came last; None before the first."""
        return cast("RequestResponseCycle | None", self.cycle)

    def _request(self) -> RequestResponseCycle | None:
        """The latest request, unless the head of another has begun after it."""
        latest = self._latest
        return latest if latest is not None and latest.scope is self.scope else None

    def _owed(self) -> tuple[Debt, object] | None:
        """What the client owes, and after which request; None where it is the server's turn."""
        latest = self._latest
        if latest is None:
            return "head", None
        request = self._request()
        if latest.response_complete:
            return ("head" if request is None else "next"), latest
        if request is None or not request.more_body or request.response_started:
            return None
        is_waited_for = not (request.message_event.is_set() or self.flow.read_paused)
        return ("body", request) if is_waited_for else None

    def _is_large_head(self, data: bytes) -> bool:
        """Whether a part that begins a head, or goes on with one, does not end it within the limit."""
        request = self._request()
        begins = request is None or (request.response_complete and not request.more_body)
        if not begins or data.find(b"\r\n\r\n", 0, self._max_head) >= 0:
            return False
        return b"\r\n\r\n" not in self._tail + data[:3]

    def _is_over(self) -> bool:
        """Whether this connection has ended, or is another protocol's by now."""
        parser: object | None = self.parser
        return parser is None or self.transport.get_protocol() is not self

    def _trails_on(self, data: bytes) -> bool:
        """Counts what comes of a chunked body beside its content; whether it is too much.

        The parser keeps a field that does not end, and tells of it when it does.
        """
        if type(self.headers) is not Trailers:
            return False
        self._trailing = 0 if self._has_body else self._trailing + len(data)
        self._has_body = False
        return self._trailing > self._max_head

    def _head_grows(self, data: bytes) -> bool:
        """Counts a part of a head that is not complete; whether it is too large."""
        if self._head_of is self.scope:
            self._head_size += len(data)
        else:
            self._head_of = self.scope
            # The part may begin with the end of the body before.
            fields = sum(len(name) + len(value) + 4 for name, value in self.headers)
            self._head_size = len(self.url) + fields
        return self._head_size > self._max_head

    def _refuse_head(self) -> None:
        self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large.")

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        self.part(final_answer(status, message))


async def look_after(connections: Collection[Any], limits: Limits) -> None:
    """Looks after the connections of a server until it is cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(limits.interval)
        now = loop.time()
        for connection in list(connections):
            if isinstance(connection, Connection):
                connection.look_after(now)
