"""OpenTelemetry in real processes: what a project's own provider is told, and the trace over two servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from tests.integration.conftest import ProjectOf

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "baggage": "tenant=acme"}
FILES = {
    "pyproject.toml": """
        [tool.pikku]
        source = ["app"]
        """,
    "app/telemetry.py": """
        from opentelemetry import metrics, trace
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import InMemoryMetricReader
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

        SPANS = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(SPANS))
        trace.set_tracer_provider(provider)
        METRICS = InMemoryMetricReader()
        metrics.set_meter_provider(MeterProvider([METRICS]))
        """,
    "app/functions.py": """
        from __future__ import annotations

        import json
        from collections.abc import AsyncIterator
        from typing import TYPE_CHECKING, Any, TypeAlias

        import httpx2
        from app.telemetry import METRICS, SPANS
        from opentelemetry import baggage
        from pikku_core import pikku_sessionless_func
        from pikku_http import Http, wire_http
        from pydantic import BaseModel

        if TYPE_CHECKING:
            from pikku_app import Rpc

        class Other(BaseModel):
            url: str = ""

        @pikku_sessionless_func
        async def tenant() -> str:
            return str(baggage.get_baggage("tenant"))

        @pikku_sessionless_func
        async def relay(data: Other, *, http: Http, rpc: Rpc) -> str:
            if not data.url:
                return await rpc.tenant()
            async with httpx2.AsyncClient() as client:
                answer = await client.get(f"{data.url}/relay", headers=http.trace_headers())
            return answer.json()

        @pikku_sessionless_func
        async def numbers() -> AsyncIterator[int]:
            yield 1
            yield 2

        @pikku_sessionless_func
        async def spans() -> list[dict[str, Any]]:
            return [json.loads(one.to_json()) for one in SPANS.get_finished_spans()]

        @pikku_sessionless_func
        async def told() -> str:
            return METRICS.get_metrics_data().to_json()

        wire_http(method="get", route="/relay", func=relay)
        wire_http(method="get", route="/numbers", func=numbers)
        wire_http(method="get", route="/spans", func=spans)
        wire_http(method="get", route="/told", func=told)
        """,
}

Run: TypeAlias = "Callable[..., AbstractContextManager[str]]"


@pytest.fixture
def servers(project_of: ProjectOf, run: Run) -> Iterator[tuple[str, str]]:
    """The addresses of two processes that serve one project."""
    root = project_of(FILES).root
    with run(root) as first, run(root, PIKKU_HTTP_REQUEST_IDS="always") as second:
        yield first, second


def spans_of(address: str) -> dict[str, dict[str, Any]]:
    """The spans that a process has made so far, by name."""
    return {one["name"]: one for one in httpx.get(f"{address}/spans").json()}


def test_a_trace_goes_on_over_two_servers(servers: tuple[str, str]) -> None:
    first, second = servers
    answer = httpx.get(f"{first}/relay", params={"url": second}, headers=PARENT)
    assert answer.json() == "acme"
    caller, called = spans_of(first)["GET /relay"], spans_of(second)
    assert caller["context"]["trace_id"] == f"0x{TRACE}"
    assert called["GET /relay"]["context"]["trace_id"] == f"0x{TRACE}"
    assert called["GET /relay"]["parent_id"] == caller["context"]["span_id"]
    assert called["tenant"]["parent_id"] == called["GET /relay"]["context"]["span_id"]
    assert called["GET /relay"]["attributes"]["http.request.header.x-request-id"] == [TRACE]


def test_a_stream_is_a_span_and_a_measurement(servers: tuple[str, str]) -> None:
    address, _ = servers
    assert httpx.get(f"{address}/numbers").text == "1\n2\n"
    attributes = spans_of(address)["GET /numbers"]["attributes"]
    assert attributes["http.response.body.size"] == 4
    assert attributes["http.response.status_code"] == 200
    told = httpx.get(f"{address}/told").json()
    assert '"http.server.request.duration"' in told
    assert '"http.route": "/numbers"' in told


def test_never_means_that_nothing_is_told(project_of: ProjectOf, run: Run) -> None:
    with run(project_of(FILES).root, PIKKU_HTTP_TELEMETRY="never") as address:
        httpx.get(f"{address}/numbers")
        assert spans_of(address) == {}
