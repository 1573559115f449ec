"""Whether anybody has set up OpenTelemetry, and what tells it of requests then."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pikku_core import DeclarationError

if TYPE_CHECKING:
    from pikku_core import App
    from pikku_http.http.observe.exchange import Observer
    from pikku_http.http.options import HttpOptions


def telemetry(app: App, options: HttpOptions) -> list[Observer]:
    """Spans and metrics, each where its provider has been set up, or where telemetry is asked for whatever there is.

    Who sets up a provider has imported the API before: where nobody has, nothing is imported here either.

    Raises:
        DeclarationError: Telemetry is asked for, and the API is not installed.
    """
    always = options.telemetry == "always"
    if not always and "opentelemetry" not in sys.modules:
        return []
    try:
        from opentelemetry import metrics, trace
    except ImportError:
        if not always:
            return []
        raise DeclarationError(
            'The setting "http.telemetry" is "always", and the API of OpenTelemetry is not installed: install '
            '"pikku-http[telemetry]", or leave the setting at "auto".'
        ) from None
    from pikku_http import __version__
    from pikku_http.http.observe.metrics import Metrics
    from pikku_http.http.observe.spans import Spans, spanned

    observers: list[Observer] = []
    if always or does_something(trace.get_tracer_provider()):
        app.observe(spanned)
        tracer = trace.get_tracer("pikku_http", __version__)
        observers.append(Spans(tracer=tracer, with_query=options.observe_query))
    if always or does_something(metrics.get_meter_provider()):
        observers.append(Metrics(metrics.get_meter("pikku_http", __version__)))
    return observers


def does_something(provider: object) -> bool:
    """Whether a provider is more than the API's own, which stand for none."""
    return not type(provider).__module__.startswith(
        ("opentelemetry.trace", "opentelemetry.metrics")
    )
