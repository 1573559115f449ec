"""Spans of requests, by OpenTelemetry's semantic conventions for HTTP servers, and of calls by name within them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from opentelemetry import context, propagate, trace
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import SpanKind, StatusCode

from pikku_core.error_facts import error_facts, is_outcome
from pikku_http.http.layers.origins import DEFAULT_PORTS
from pikku_http.http.observe.conventions import OTHER, error_type_of, method_of, scheme_of
from pikku_http.http.observe.request import path_of, printable, query_of
from pikku_http.http.trace import TRACE_ID, request_id_of

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer
    from opentelemetry.util.types import AttributeValue

    from pikku_core import Wire
    from pikku_core.runtime.chain import Invoke
    from pikku_http.http.asgi import Header
    from pikku_http.http.observe.exchange import Exchange


class HeaderGetter(Getter["list[Header]"]):
    """Reads what propagators ask for from the headers of a scope."""

    def get(self, carrier: list[Header], key: str) -> list[str] | None:
        """The values of a header; None where it was not sent."""
        wanted = key.lower().encode("latin-1")
        return [str(value, "latin-1") for name, value in carrier if name == wanted] or None

    def keys(self, carrier: list[Header]) -> list[str]:
        """The names of all headers."""
        return [str(name, "latin-1") for name, _ in carrier]


HEADERS: Final = HeaderGetter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Makes a span of each request, which is the current one while it is answered.

    It continues the trace of the caller; where a span is current already, it stands inside that. Without an `x-request-id` of
    the caller its trace id is the one that logs and answers have, too.

    Attributes:
        with_query: Whether the query string is told.
    """

    tracer: Tracer
    with_query: bool = False

    def begin(self, exchange: Exchange, /) -> None:
        """Starts the span."""
        scope = exchange.scope
        # Inside another application that is instrumented, its span stands between the caller and this one.
        is_inner = trace.get_current_span().get_span_context().is_valid
        parent = None if is_inner else propagate.extract(scope["headers"], getter=HEADERS)
        kind = SpanKind.INTERNAL if is_inner else SpanKind.SERVER
        method = method_of(exchange)
        name = "HTTP" if method == OTHER else method
        if exchange.route:
            name = f"{name} {exchange.route}"
        request_id = request_id_of(scope)
        attributes = self._attributes(exchange, method)
        if request_id is not None:
            attributes["http.request.header.x-request-id"] = (request_id,)
        span = self.tracer.start_span(name, parent, kind, attributes)
        exchange.span = span
        exchange.token = context.attach(trace.set_span_in_context(span, parent))
        ids = span.get_span_context()
        if request_id is None and ids.is_valid:
            scope[TRACE_ID] = trace.format_trace_id(ids.trace_id)

    def end(self, exchange: Exchange, /) -> None:
        """Ends the span."""
        span: Span | None = exchange.span
        if span is None:
            return
        if exchange.status is not None:
            span.set_attribute("http.response.status_code", exchange.status)
        span.set_attribute("http.response.body.size", exchange.body_size)
        if exchange.outcome != "answered":
            span.set_attribute("pikku.outcome", exchange.outcome)
        error_type = error_type_of(exchange)
        if error_type is not None:
            _fail(span, error_type, exchange.error)
        span.end()

    def leave(self, exchange: Exchange, /) -> None:
        """Makes the span before it the current one again."""
        if exchange.token is not None:
            context.detach(exchange.token)

    def _attributes(self, exchange: Exchange, method: str) -> dict[str, AttributeValue]:
        scope, scheme = exchange.scope, scheme_of(exchange)
        found: dict[str, AttributeValue] = {
            "http.request.method": method,
            "url.path": path_of(scope),
            "url.scheme": scheme,
        }
        if method == OTHER:
            found["http.request.method_original"] = printable(scope["method"])
        if exchange.route:
            found["http.route"] = exchange.route
        if self.with_query and (query := query_of(scope)):
            found["url.query"] = query
        if client := scope.get("client"):
            found["client.address"] = str(client[0])
        if version := scope.get("http_version"):
            found["network.protocol.version"] = version
        for name, value in scope["headers"]:
            if name == b"user-agent":
                found["user_agent.original"] = printable(str(value, "latin-1"))
            elif name == b"host":
                address, port = server_of(printable(str(value, "latin-1")), scheme)
                found["server.address"] = address
                if port is not None:
                    found["server.port"] = port
        return found


def spanned(invoke: Invoke, function: str) -> Invoke:
    """A call by name with a span of its own; what `App.observe` is given."""
    from pikku_http import __version__

    tracer = trace.get_tracer("pikku_http", __version__)

    async def call(wire: Wire) -> Any:
        attributes = {"pikku.function": function}
        # What an error means is said below: one that the caller is to blame for is none of the server.
        with tracer.start_as_current_span(
            function, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                return await invoke(wire)
            except BaseException as error:
                if is_outcome(error) and error_facts(error, "").status >= 500:
                    _fail(span, type(error).__qualname__, error)
                raise

    return call


def injected() -> dict[str, str]:
    """The headers by which the trace goes on from the current span."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier


def server_of(host: str, scheme: str) -> tuple[str, int | None]:
    """Address and port of a `Host` header, the port of the scheme where it names none.

    >>> server_of("[::1]:8000", "http")
    ('::1', 8000)
    """
    address, colon, port = host.rpartition(":")
    if not colon or not port.isdecimal() or len(port) > 5:
        address, port = host, ""
    port = port or DEFAULT_PORTS.get(scheme, "")
    return address.strip("[]"), int(port) if port else None


def _fail(span: Span, error_type: str, error: BaseException | None) -> None:
    span.set_attribute("error.type", error_type)
    span.set_status(StatusCode.ERROR)
    if error is not None:
        span.record_exception(error)
