"""One request and what is sent in answer to it, for those who tell of it."""

from __future__ import annotations

import logging
import sys
import traceback
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, Protocol

from pikku_http.http.trace import received_trace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pikku_http.http.asgi import Message, Receive, Scope, Send

EXCHANGE: Final = "pikku.exchange"
"""Where a scope keeps the exchange while it lasts."""

REQUEST_ID: Final = b"x-request-id"


class Observer(Protocol):
    """Is told of requests. What it raises is shown on standard error, and harms no answer."""

    def begin(self, exchange: Exchange, /) -> None:
        """A request has come; nothing is known of its answer."""
        ...

    def end(self, exchange: Exchange, /) -> None:
        """The last byte has been sent, or none will be any more."""
        ...

    def leave(self, exchange: Exchange, /) -> None:
        """What answers has returned; called in the context of `begin`."""
        ...


class Exchange:
    """What happens between a request and the end of its answer.

    Attributes:
        route: As it was declared; empty where none matches, and for another application.
        since: When it began, in seconds of `perf_counter`.
        trace_id: Its id; known once the observers have begun.
        status: None until headers are sent.
        received, sent: How many bytes of the bodies went through.
        gone: Whether the client left before the answer was complete, as far as somebody noticed.
        error: What ended the invocation, or cut the answer.
        span, token: What telemetry keeps.
    """

    __slots__ = (
        "_echoes",
        "_is_over",
        "_observers",
        "_receive",
        "_send",
        "complete",
        "error",
        "gone",
        "received",
        "route",
        "scope",
        "sent",
        "since",
        "span",
        "status",
        "token",
        "trace_id",
    )

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        route: str,
        observers: Sequence[Observer],
        echoes: bool,
    ) -> None:
        self.scope = scope
        self._receive = receive
        self._send = send
        self.route = route
        self._observers = observers
        self._echoes = echoes
        self._is_over = False
        self.trace_id = ""
        self.status: int | None = None
        self.received = 0
        self.sent = 0
        self.complete = False
        self.gone = False
        self.error: BaseException | None = None
        self.span: Any = None
        self.token: Any = None
        self.since = perf_counter()

    @property
    def outcome(self) -> str:
        """What became of the answer.

        `answered`: it left whole, whatever its status. `client_gone`: nobody waited for the rest. `cut`: it had begun
        and was given up. `failed`: none was sent.
        """
        if self.gone:
            return "client_gone"
        if self.complete:
            return "answered"
        return "failed" if self.status is None else "cut"

    @property
    def body_size(self) -> int:
        """How many bytes of a body were sent; none in answer to HEAD."""
        return 0 if self.scope["method"] == "HEAD" else self.sent

    async def receive(self) -> Message:
        """Receives for what answers."""
        message = await self._receive()
        if message["type"] != "http.disconnect":
            self.received += len(message.get("body", b""))
        elif not self.complete:
            self.gone = True
        return message

    async def send(self, message: Message) -> None:
        """Sends for what answers."""
        kind = message["type"]
        if kind == "http.response.start":
            self.status = message["status"]
            if self._echoes:
                message = with_request_id(message, self.trace_id)
        elif kind == "http.response.body":
            self.sent += len(message.get("body", b""))
            self.complete = not message.get("more_body", False)
        elif kind == "http.response.pathsend":
            self.complete = True
        try:
            await self._send(message)
        except BaseException as error:
            self.complete = False
            if isinstance(error, OSError):  # So some servers say that the client has left.
                self.gone = True
            raise
        if self.complete:
            self.end()

    def begin(self) -> None:
        """Tells the observers that it begins."""
        for each in self._observers:
            _safely(each.begin, self)

    def end(self) -> None:
        """Tells the observers that it is over; the first call counts."""
        if not self._is_over:
            self._is_over = True
            self.scope.pop(EXCHANGE, None)
            for each in reversed(self._observers):
                _safely(each.end, self)

    def leave(self) -> None:
        """Tells the observers that what answers has returned."""
        self.end()
        self.error = None  # Its traceback holds the frames that hold this.
        for each in reversed(self._observers):
            _safely(each.leave, self)


def note_error(scope: Scope, error: BaseException) -> None:
    """Says what went wrong with a request, where somebody is to be told."""
    exchange: Exchange | None = scope.get(EXCHANGE)
    if exchange is not None:
        exchange.error = error


def outgoing_trace(scope: Scope) -> dict[str, str]:
    """The headers by which a trace goes on from here: of the current span, else as the caller sent them."""
    exchange: Exchange | None = scope.get(EXCHANGE)
    if exchange is None or exchange.span is None:
        return received_trace(scope)
    from pikku_http.http.observe.spans import injected

    return injected()


def with_request_id(message: Message, trace_id: str) -> Message:
    """The start of an answer with `x-request-id`; one that is there already stays."""
    headers = message.get("headers", ())
    for name, _ in headers:
        if name == REQUEST_ID:
            return message
    return {**message, "headers": [*headers, (REQUEST_ID, trace_id.encode("ascii"))]}


def _safely(tell: Callable[[Exchange], None], exchange: Exchange) -> None:
    try:
        tell(exchange)
    except Exception:  # noqa: BLE001 - the project's log handlers and exporters may raise anything
        if logging.raiseExceptions and sys.stderr is not None:
            traceback.print_exc(file=sys.stderr)
