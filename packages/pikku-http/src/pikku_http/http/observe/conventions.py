"""What OpenTelemetry's semantic conventions for HTTP say of a request, the same for spans and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pikku_http.http.observe.exchange import Exchange

METHODS: Final = frozenset(
    {"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"}
)
"""Those of RFC 9110 and RFC 5789; any other is `_OTHER`, or clients could make as many series as they like."""

OTHER: Final = "_OTHER"


def method_of(exchange: Exchange) -> str:
    """The value of `http.request.method`."""
    method: str = exchange.scope["method"]
    return method if method in METHODS else OTHER


def scheme_of(exchange: Exchange) -> str:
    """The value of `url.scheme`."""
    scheme: str = exchange.scope.get("scheme", "http")
    return scheme


def error_type_of(exchange: Exchange) -> str | None:
    """The value of `error.type`; None where the server has done what it should.

    What the client is to blame for is no error of a server, and that it leaves neither.
    """
    status, outcome = exchange.status, exchange.outcome
    is_failed = status is not None and status >= 500
    if not is_failed and outcome in {"answered", "client_gone"}:
        return None
    error = exchange.error
    if error is not None:
        kind = type(error)
        is_builtin = kind.__module__ == "builtins"
        return kind.__qualname__ if is_builtin else f"{kind.__module__}.{kind.__qualname__}"
    return str(status) if is_failed else outcome
