"""The access log: one record for each request, when its answer has ended."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from pikku_http.http.observe.request import path_of, printable, query_of, sent_header
from pikku_http.http.wiring import wiring_id

if TYPE_CHECKING:
    from pikku_http.http.observe.exchange import Exchange

log: Final = logging.getLogger("pikku.http.access")

MESSAGE: Final = "%s %s %s %.1f ms %d B%s"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLog:
    """Logs requests to the logger `pikku.http.access`, at the level `INFO`.

    The attributes of a record are named as OpenTelemetry's semantic conventions name them, where they do:
    `http.request.method`, `http.route`, `url.path`, `http.response.status_code`, `http.server.request.duration` in
    seconds, `http.response.body.size`, `client.address`, `user_agent.original`; beside these `trace_id`, `pikku.wiring`
    and `pikku.outcome`. What is not known is left out.

    Attributes:
        wirings: The ids of all wirings.
        with_query: Whether the query string is told, as `url.query`.
    """

    wirings: frozenset[str]
    with_query: bool = False

    def begin(self, exchange: Exchange, /) -> None:
        """Nothing is told yet."""

    def end(self, exchange: Exchange, /) -> None:
        """Logs the request."""
        if not log.isEnabledFor(logging.INFO):
            return
        duration = perf_counter() - exchange.since
        fields = self._fields(exchange, duration)
        target = fields["url.path"]
        if "url.query" in fields:
            target = f"{target}?{fields['url.query']}"
        outcome = exchange.outcome
        arguments = (
            fields["http.request.method"],
            target,
            exchange.status or "-",
            duration * 1000,
            exchange.body_size,
            "" if outcome == "answered" else f" {outcome}",
        )
        # Not by `log.info`, which looks for the line that logs, and refuses attributes that a record factory has set.
        record = log.makeRecord(log.name, logging.INFO, __file__, 0, MESSAGE, arguments, None)
        vars(record).update(fields)
        log.handle(record)

    def leave(self, exchange: Exchange, /) -> None:
        """Nothing is kept."""

    def _fields(self, exchange: Exchange, duration: float) -> dict[str, Any]:
        scope = exchange.scope
        client = scope.get("client")
        fields: dict[str, Any] = {
            "http.request.method": printable(scope["method"]),
            "http.route": exchange.route or None,
            "url.path": printable(path_of(scope)),
            "http.response.status_code": exchange.status,
            "http.server.request.duration": round(duration, 6),
            "http.response.body.size": exchange.body_size,
            "client.address": printable(str(client[0])) if client else None,
            "user_agent.original": sent_header(scope, b"user-agent"),
            "trace_id": exchange.trace_id,
            "pikku.wiring": self._wiring(exchange),
            "pikku.outcome": exchange.outcome,
        }
        if self.with_query:
            fields["url.query"] = query_of(scope)
        return {name: value for name, value in fields.items() if value is not None}

    def _wiring(self, exchange: Exchange) -> str | None:
        if not exchange.route:
            return None
        method = exchange.scope["method"].lower()
        # A route of GET answers HEAD, unless there is one of HEAD.
        for each in (method, "get") if method == "head" else (method,):
            wiring = wiring_id(each, exchange.route)
            if wiring in self.wirings:
                return wiring
        return None
