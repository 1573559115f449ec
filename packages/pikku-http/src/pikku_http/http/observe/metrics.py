"""Metrics of requests, by OpenTelemetry's semantic conventions for HTTP servers."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final

from pikku_http.http.observe.conventions import error_type_of, method_of, scheme_of

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter
    from opentelemetry.util.types import AttributeValue

    from pikku_http.http.observe.exchange import Exchange

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""The bounds of the buckets that the conventions ask for."""


class Metrics:
    """Counts and measures requests.

    - `http.server.request.duration`: a histogram of seconds, from the request to the last byte of its answer
    - `http.server.active_requests`: how many are being answered
    - `http.server.request.body.size`, `http.server.response.body.size`: histograms of the bytes that were read and sent
    """

    __slots__ = ("_active", "_duration", "_received", "_sent")

    def __init__(self, meter: Meter) -> None:
        self._duration = meter.create_histogram(
            "http.server.request.duration",
            "s",
            "Duration of HTTP server requests.",
            explicit_bucket_boundaries_advisory=SECONDS,
        )
        self._active = meter.create_up_down_counter(
            "http.server.active_requests", "{request}", "Number of active HTTP server requests."
        )
        self._received = meter.create_histogram(
            "http.server.request.body.size", "By", "Size of HTTP server request bodies."
        )
        self._sent = meter.create_histogram(
            "http.server.response.body.size", "By", "Size of HTTP server response bodies."
        )

    def begin(self, exchange: Exchange, /) -> None:
        """Counts the request among those that are being answered."""
        self._active.add(1, _common(exchange))

    def end(self, exchange: Exchange, /) -> None:
        """Measures the request."""
        duration = perf_counter() - exchange.since
        attributes = _common(exchange)
        self._active.add(-1, attributes)
        attributes = attributes.copy()
        if exchange.route:
            attributes["http.route"] = exchange.route
        if exchange.status is not None:
            attributes["http.response.status_code"] = exchange.status
        error_type = error_type_of(exchange)
        if error_type is not None:
            attributes["error.type"] = error_type
        version: str | None = exchange.scope.get("http_version")
        if version is not None:
            attributes["network.protocol.version"] = version
        self._duration.record(duration, attributes)
        self._received.record(exchange.received, attributes)
        self._sent.record(exchange.body_size, attributes)

    def leave(self, exchange: Exchange, /) -> None:
        """Nothing is kept."""


def _common(exchange: Exchange) -> dict[str, AttributeValue]:
    return {"http.request.method": method_of(exchange), "url.scheme": scheme_of(exchange)}
