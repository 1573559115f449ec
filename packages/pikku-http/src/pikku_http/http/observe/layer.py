"""The layer that observes requests: outside all others, so that what it tells is what the client got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pikku_core.tracing import trace_id
from pikku_http.http.observe.exchange import EXCHANGE, Exchange
from pikku_http.http.trace import trace_id_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from pikku_core import App
    from pikku_http.http.asgi import Receive, Scope, Send
    from pikku_http.http.layers.layer import Layer
    from pikku_http.http.observe.exchange import Observer
    from pikku_http.http.options import HttpOptions
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle


@dataclass(frozen=True, slots=True, kw_only=True)
class Observing:
    """Stands round every request.

    Attributes:
        observers: Who is told; the last begins last and is told first that it is over.
        unobserved: Routes, and paths that no route matches, of which nobody is told.
        echoes: Whether each answer carries its `x-request-id`.
    """

    observers: tuple[Observer, ...] = ()
    unobserved: frozenset[str] = frozenset()
    echoes: bool = False

    def around(self, handle: Handle, route: str, /) -> Handle:
        """What answers in place of `handle`, in a context that knows the trace id."""
        told = () if route in self.unobserved else self.observers
        unobserved, echoes = self.unobserved, self.echoes
        if not told and not echoes:
            return handle

        async def observed(scope: Scope, receive: Receive, send: Send, values: Values) -> None:
            observers = told if route or scope["path"] not in unobserved else ()
            exchange = Exchange(
                scope, receive, send, route=route, observers=observers, echoes=echoes
            )
            exchange.begin()
            exchange.trace_id = trace_id_of(scope)
            scope[EXCHANGE] = exchange
            before = trace_id.set(exchange.trace_id)
            try:
                await handle(scope, exchange.receive, exchange.send, values)
            except BaseException as error:
                exchange.error = error
                raise
            finally:
                exchange.leave()
                trace_id.reset(before)

        return observed


def observing(app: App, options: HttpOptions, wirings: Collection[str]) -> tuple[Layer, ...]:
    """The layers by which requests are observed: none where nothing is asked for.

    Args:
        wirings: The ids of all wirings.

    Raises:
        DeclarationError: Telemetry is asked for and cannot be had.
    """
    observers: list[Observer] = []
    if options.telemetry != "never":
        from pikku_http.http.observe.providers import telemetry

        observers += telemetry(app, options)
    if options.access_log:
        from pikku_http.http.observe.access_log import AccessLog

        observers.append(AccessLog(wirings=frozenset(wirings), with_query=options.observe_query))
    echoes = options.request_ids == "always"
    if not observers and not echoes:
        return ()
    given = options.unobserved
    unobserved = frozenset((options.health, options.readiness) if given is None else given)
    return (Observing(observers=tuple(observers), unobserved=unobserved, echoes=echoes),)
