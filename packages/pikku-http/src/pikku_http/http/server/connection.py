"""A connection of `pikku serve`: uvicorn's, with limits on what a client sends and on how slowly it does.

Time is not measured request by request. All connections are looked at every now and then (`look_after`), and what each
waits for is known from its state: requests that come as they should pay nothing for the timeouts.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pikku_http.http.errors import log
from pikku_http.http.server.host import check_host, take_authority
from pikku_http.http.server.ordered import OrderedConnection
from pikku_http.http.server.refusal import RefusedError
from pikku_http.http.server.trailers import Trailers
from pikku_http.http.server.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Collection

    from pikku_http.http.server.limits import Limits

MAX_PIPELINED: Final = 100
"""Requests that may wait for the answer to the one before them; each takes more memory than it has bytes."""
MAX_PARTING: Final = 100
"""Connections beyond the limit that are told so, and given time to read it."""

BAD, LARGE, MANY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS,
)
SLASH, SPACE = ord("/"), ord(" ")
LINE: Final = 16
"""Bytes of a request line beside its target, about."""

begin_request: Final = HttpToolsProtocol.on_headers_complete
"""Each request calls it: `super()` takes longer than the rest of the check."""


class Connection(OrderedConnection):
    """One connection.

    Args:
        limits: What the client may take.
        options: Those of uvicorn's protocol.

    Attributes:
        received: Bytes that came while a body was incomplete.
    """

    def __init__(self, *, limits: Limits, **options: Any) -> None:
        super().__init__(limits=limits, **options)
        self.received = 0
        self._max_head = limits.max_head
        # The size of a head that is not known to fit: 0 for most, whose end comes with their beginning.
        self._head_size = 0
        self._head_of: object = None
        self._host: bytes | None = None
        # The one that was found right last: most connections have no other.
        self._good_host = b""
        self._has_body = False
        self._framing = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Takes a connection, or sends it away where there are too many."""
        super().connection_made(transport)
        self.watch = Watch(self._limits, self.loop.time())
        most, there = self._limits.max_connections, len(self.connections)
        if most and there > most:
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE, "There are too many connections.")
            if there > most + MAX_PARTING:
                transport.close()

    def data_received(self, data: bytes) -> None:
        """Reads on, and counts what is not a whole request yet."""
        if self._refusal is not None:
            return None
        if len(data) > self._max_head and not self._head_size:
            self._head_size = 1
        try:
            self.parser.feed_data(data)
        except HttpParserError as error:
            return self._refuse_for(error.__context__)
        except HttpParserUpgrade as upgrade:
            rest = data[upgrade.args[0] :]
        else:
            cycle: Any = self.cycle
            if cycle is None or cycle.scope is not self.scope:
                return self._count_head(len(data))
            self._head_size = 0
            return self._count_body(len(data)) if cycle.more_body else None
        return self._upgrade(rest)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes a field.

        Raises:
            RefusedError: It is a second `Host`.
        """
        name = name.lower()
        if value and value[-1] <= SPACE:
            value = value.rstrip(
                b" \t"
            )  # RFC 9110, 5.5; the parser takes away what is before it alone.
        if name == b"host":
            if self._host is not None:
                raise RefusedError(BAD, "The request names two hosts.")
            self._host = value
        elif name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Begins a request, or lets it wait for its turn.

        Raises:
            RefusedError: Something is wrong with it.
        """
        if self._head_size and len(self.url) + LINE + self._fields_size() > self._max_head:
            raise RefusedError(LARGE, "The headers are too large.")
        host, self._host = self._host, None
        if self.url[0] != SLASH:
            host = take_authority(self.url, self.headers) or host
        if host != self._good_host:
            check_host(host, self.parser.get_http_version())
            self._good_host = host or b""
        if self.parser.should_upgrade() and not self._should_upgrade():
            if self.parser.get_method() == b"CONNECT":
                raise RefusedError(BAD, "This is no proxy.")
            return  # It is read once more, as what it is without.
        if self.pipeline and len(self.pipeline) >= MAX_PIPELINED:
            raise RefusedError(MANY, "Too many requests wait for their answers.")
        begin_request(self)

    def on_chunk_header(self) -> None:
        """Keeps the fields that follow a chunked body out of the headers.

        Raises:
            RefusedError: The body is encoded in another way too, which nobody undoes.
        """
        if isinstance(self.headers, Trailers):
            return
        codings = [value for name, value in self.headers if name == b"transfer-encoding"]
        if b", ".join(codings).lower() != b"chunked":
            raise RefusedError(BAD, "The transfer encoding is unknown.")
        self.headers = Trailers()

    def on_body(self, body: bytes) -> None:
        """Takes a part of a body."""
        self._has_body = True
        cycle = self.cycle
        if cycle.response_complete:
            return
        cycle.body += body
        if len(cycle.body) > HIGH_WATER_LIMIT:
            self.flow.pause_reading()
        cycle.message_event.set()

    def on_message_complete(self) -> None:
        """Ends a request that is not to become something else."""
        if self.parser.should_upgrade():
            return
        self._host = None  # What follows a body may have named one.
        self._framing = 0
        cycle = self.cycle
        cycle.more_body = False
        if not cycle.response_complete:
            cycle.message_event.set()

    def resume_writing(self) -> None:
        """The client has taken what waited."""
        self.drained += 1
        super().resume_writing()

    def _upgrade(self, rest: bytes) -> None:
        """Hands the connection over, or reads the request as if it asked for no other protocol (RFC 9110, 7.8)."""
        if not self._should_upgrade():
            version = self.parser.get_http_version().encode()
            lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
            lines += [b"%b: %b" % field for field in self.headers if field[0] != b"upgrade"]
            self.parser = HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            self.data_received(b"\r\n".join([*lines, b"", rest]))
        elif self.running is not None and not self.running.response_complete:
            self.refuse(BAD, "The protocol is changed while requests wait for their answers.")
        else:
            self.handle_websocket_upgrade()

    def _count_head(self, size: int) -> None:
        """Counts a part of a head that is not complete."""
        if self._head_of is self.scope:
            self._head_size += size
        else:
            self._head_of = self.scope
            # The part may begin with the end of the body before.
            self._head_size = len(self.url) + LINE + self._fields_size()
        if self._head_size > self._max_head:
            self.refuse(LARGE, "The headers are too large.")

    def _fields_size(self) -> int:
        return sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _count_body(self, size: int) -> None:
        """Counts what comes of a body, and what comes beside its content: sizes of chunks, fields after them.

        The parser keeps a field that does not end, and tells of it when it does.
        """
        self.received += size
        self._framing = 0 if self._has_body else self._framing + size
        self._has_body = False
        # The part may begin with a head.
        if self._framing > 2 * self._max_head:
            self.refuse(LARGE, "What frames the body is too large.")

    def _refuse_for(self, cause: BaseException | None) -> None:
        """Refuses what is no HTTP, or what was found wrong while it was read."""
        if isinstance(cause, RefusedError):
            self.refuse(cause.status, cause.message)
        else:
            self.refuse(BAD, "Invalid HTTP request received.")


async def look_after(connections: Collection[Any], limits: Limits) -> None:
    """Looks after the connections of a server until it is cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(limits.interval)
        now = loop.time()
        for connection in list(connections):
            if not isinstance(connection, Connection):
                continue
            try:
                connection.watch.look(connection, now)
            except Exception:  # noqa: BLE001 - one connection is not the end of the timeouts of all
                log.exception("A connection could not be looked after.")
