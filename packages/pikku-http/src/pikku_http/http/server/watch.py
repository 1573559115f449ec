"""What the client of a connection owes, and since when."""

from __future__ import annotations

import select
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from pikku_http.http.server.limits import BODY_RATE

if TYPE_CHECKING:
    import asyncio

    from pikku_http.http.server.connection import Connection
    from pikku_http.http.server.limits import Limits

Debt: TypeAlias = Literal["head", "body", "next"]
"""What a client owes: a head that has begun or never did, the body of a request, or another request."""

HUNG_UP: Final = getattr(select, "POLLRDHUP", 0)
"""What Linux says of a connection whose other side is shut, also while nobody reads from it; 0 elsewhere."""


class Watch:
    """Looks at a connection every now and then, and ends it if its client takes too long.

    Args:
        limits: What the client may take.
        now: The time of the loop.
    """

    __slots__ = ("_debt", "_drained", "_limits", "_received", "_shut", "_since", "_unsent")

    def __init__(self, limits: Limits, now: float) -> None:
        self._limits = limits
        self._debt: tuple[Debt, object] | None = ("head", None)
        self._since = now
        self._received = 0
        # Of an answer that the client does not take: how much waits, and how often none did.
        self._unsent: int = 0
        self._drained: int = 0
        self._shut: object = None

    def look(self, connection: Connection, now: float) -> None:
        """Ends a connection whose client has owed something for too long."""
        transport = connection.transport
        unsent = transport.get_write_buffer_size()
        if unsent:
            self._look_at_sending(connection, unsent, now)
        elif not transport.is_closing():
            self._unsent = 0
            if not connection.is_shut and connection.flow.read_paused and hung_up(transport):
                connection.shut()
            if connection.is_shut:
                self._look_at_shut(connection, now)
            else:
                self._look_at_debt(connection, now)

    def _look_at_sending(self, connection: Connection, unsent: int, now: float) -> None:
        moves = not self._unsent or unsent < self._unsent or connection.drained != self._drained
        if moves:
            self._since = now
        elif now - self._since >= self._limits.send_timeout:
            connection.transport.abort()
        self._unsent, self._drained, self._debt, self._shut = unsent, connection.drained, None, None

    def _look_at_shut(self, connection: Connection, now: float) -> None:
        running = connection.running
        state = (running, connection.received, connection.written, running.response_started)
        if state != self._shut:
            self._shut, self._since, self._debt = state, now, None
        limit = self._limits.parting if running.response_started else self._limits.shut
        if now - self._since >= limit:
            connection.transport.close()

    def _look_at_debt(self, connection: Connection, now: float) -> None:
        debt, limits = owed(connection), self._limits
        if debt is None or debt != self._debt:
            self._debt, self._since, self._received = debt, now, connection.received
        elif debt[0] == "body":
            self._look_at_body(connection, now)
        elif debt[0] == "next":
            if now - self._since >= limits.keep_alive:
                connection.transport.close()
        elif now - self._since >= limits.header_timeout:
            end_late_head(connection)

    def _look_at_body(self, connection: Connection, now: float) -> None:
        timeout = self._limits.body_timeout
        if now - self._since < timeout:
            return
        if connection.received - self._received < BODY_RATE * timeout:
            connection.refuse(HTTPStatus.REQUEST_TIMEOUT, "The body did not arrive in time.")
        self._since, self._received = now, connection.received


def owed(connection: Connection) -> tuple[Debt, object] | None:
    """What a client owes, and after which request; None where it is the server's turn."""
    latest: Any = connection.cycle
    if latest is None:
        return "head", None
    is_read = latest.scope is connection.scope
    if connection.running.response_complete:
        return ("next" if is_read else "head"), latest
    if connection.running is not latest or not is_read or latest.response_started:
        return None
    waits = latest.more_body and not (
        latest.waiting_for_100_continue
        or latest.message_event.is_set()
        or connection.flow.read_paused
    )
    return ("body", latest) if waits else None


def end_late_head(connection: Connection) -> None:
    """Ends a connection on which no head has come; who has asked for nothing is told nothing."""
    if cast("object | None", connection.scope) is None:
        connection.transport.close()
    else:
        connection.refuse(HTTPStatus.REQUEST_TIMEOUT, "The headers did not arrive in time.")


def hung_up(transport: asyncio.Transport) -> bool:
    """Whether the client has shut its side of a connection that is not read from."""
    opened = transport.get_extra_info("socket")
    if not HUNG_UP or opened is None:
        return False
    poll = select.poll()
    poll.register(opened.fileno(), HUNG_UP)
    return bool(poll.poll(0))
