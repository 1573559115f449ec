"""What it costs a request to be observed, in the process and without a server.

    python benchmarks/observe.py

Each line is the fastest of many rounds, in microseconds per request, and what that is more than without any of it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from opentelemetry.metrics import set_meter_provider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import set_tracer_provider
from pydantic import BaseModel

from pikku_core import App, pikku_sessionless_func
from pikku_http import HttpApplication, HttpOptions, wire_http

if TYPE_CHECKING:
    from pikku_http.http.asgi import Message, Scope

REQUESTS, ROUNDS = 500, 60
HEADERS = [
    (b"host", b"shop.test:8000"),
    (b"user-agent", b"curl/8"),
    (b"accept", b"*/*"),
    (b"content-type", b"application/json"),
    (b"content-length", b"8"),
]
BODY: Message = {"type": "http.request", "body": b'{"id":7}'}


class Order(BaseModel):
    id: int
    note: str = ""


@pikku_sessionless_func
async def order(data: Order) -> Order:
    return data


def scope() -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/orders",
        "raw_path": b"/orders",
        "query_string": b"",
        "headers": HEADERS,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }


async def receive() -> Message:
    return BODY


async def send(_: Message) -> None: ...


async def per_request(application: HttpApplication) -> float:
    """Microseconds."""
    start = time.perf_counter()
    for _ in range(REQUESTS):
        await application(scope(), receive, send)
    return (time.perf_counter() - start) / REQUESTS * 1e6


async def main() -> None:
    access = logging.getLogger("pikku.http.access")
    access.setLevel(logging.INFO)
    access.addHandler(logging.NullHandler())
    access.propagate = False
    async with App([wire_http(method="post", route="/orders", func=order)]) as app:
        applications: dict[str, HttpApplication] = {}

        def add(name: str, **options: Any) -> None:
            applications[name] = HttpApplication(app, HttpOptions(**options))
            applications[name].open()

        add("nothing", telemetry="never")
        add("request_ids = always", telemetry="never", request_ids="always")
        add("access_log = always", telemetry="never", access_log=True)
        set_tracer_provider(TracerProvider())
        add("OpenTelemetry: spans")
        set_meter_provider(MeterProvider([InMemoryMetricReader()]))
        add("OpenTelemetry: spans and metrics")
        rounds = [[await per_request(one) for one in applications.values()] for _ in range(ROUNDS)]
    best = [min(each) for each in zip(*rounds, strict=True)]
    for name, microseconds in zip(applications, best, strict=True):
        print(f"{name:34} {microseconds:6.1f}  +{microseconds - best[0]:.1f}")


if __name__ == "__main__":
    asyncio.run(main())
