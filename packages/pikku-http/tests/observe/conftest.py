"""Routes that end in every way, and what OpenTelemetry was told of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator  # noqa: TC003 - an App by hand reads annotations when it runs
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from pikku_core import App, Logger, NotFoundError, Rpc, TraceFilter, pikku_sessionless_func
from pikku_http import Http, wire_http
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from contextlib import AbstractAsyncContextManager

    from httpx2 import AsyncClient
    from opentelemetry.sdk.trace import ReadableSpan


@dataclass
class Item:
    id: int


@pikku_sessionless_func
async def get_item(data: Item) -> Item:
    return data


@pikku_sessionless_func
async def put_item(data: Item) -> Item:
    return data


@pikku_sessionless_func
async def missing() -> str:
    raise NotFoundError


@pikku_sessionless_func
async def broken() -> str:
    raise RuntimeError("the password is x")


@pikku_sessionless_func
async def says(*, logger: Logger) -> str:
    logger.info("said")
    return "said"


@pikku_sessionless_func
def says_in_thread(*, logger: Logger) -> str:
    logger.info("said")
    return "said"


@pikku_sessionless_func
async def ticks() -> AsyncIterator[int]:
    yield 1
    await asyncio.Event().wait()


@pikku_sessionless_func
async def count() -> AsyncIterator[int]:
    yield 1
    yield 2


@pikku_sessionless_func
async def breaks() -> AsyncIterator[int]:
    yield 1
    raise RuntimeError("the password is x")


@pikku_sessionless_func
async def outer(*, rpc: Rpc) -> int:
    item: Item = await rpc.get_item(Item(7))
    return item.id


@pikku_sessionless_func
async def outer_missing(*, rpc: Rpc) -> str:
    answer: str = await rpc.missing()
    return answer


@pikku_sessionless_func
async def outer_broken(*, rpc: Rpc) -> str:
    answer: str = await rpc.broken()
    return answer


@pikku_sessionless_func
async def library() -> str:
    with trace.get_tracer("library").start_as_current_span("query"):
        return "done"


@pikku_sessionless_func
def library_in_thread() -> str:
    with trace.get_tracer("library").start_as_current_span("query"):
        return "done"


@pikku_sessionless_func
async def passed_on(*, http: Http) -> dict[str, str]:
    return http.trace_headers()


def route(name: str, func: Any) -> Any:
    return wire_http(method="get", route=name, func=func)


ROUTES = (
    route("/items/{id}", get_item),
    wire_http(method="put", route="/items/{id}", func=put_item),
    route("/missing", missing),
    route("/broken", broken),
    route("/says", says),
    route("/says-in-thread", says_in_thread),
    route("/ticks", ticks),
    route("/count", count),
    route("/breaks", breaks),
    route("/outer", outer),
    route("/outer-missing", outer_missing),
    route("/outer-broken", outer_broken),
    route("/library", library),
    route("/library-in-thread", library_in_thread),
    route("/passed-on", passed_on),
    route("/healthz", says),
)


class Records(logging.Handler):
    """Keeps what is logged, with its trace id."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(TraceFilter())
        self.kept: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record)

    def only(self) -> dict[str, Any]:
        """All of the one record that there is."""
        (record,) = self.kept
        return vars(record) | {"message": record.getMessage()}


@dataclass(frozen=True, slots=True)
class Told:
    """What OpenTelemetry was told."""

    exporter: InMemorySpanExporter
    reader: InMemoryMetricReader

    def spans(self) -> list[ReadableSpan]:
        """The spans that have ended, in order."""
        return list(self.exporter.get_finished_spans())

    def span(self, name: str) -> ReadableSpan:
        """The one span of a name."""
        (span,) = [one for one in self.spans() if one.name == name]
        return span

    def points(self, metric: str) -> list[Any]:
        """What a metric holds for each set of attributes."""
        data = self.reader.get_metrics_data()
        return [
            point
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for one in scope.metrics
            if one.name == metric
            for point in one.data.data_points
        ]

    def point(self, metric: str, **wanted: object) -> Any:
        """The one point of a metric whose attributes hold these; underscores stand for dots."""
        named = {name.replace("__", "."): value for name, value in wanted.items()}
        (point,) = [one for one in self.points(metric) if named.items() <= one.attributes.items()]
        return point


class Observed(Protocol):
    """A client of the routes; options are those of `HttpApplication`."""

    def __call__(self, **options: Any) -> AbstractAsyncContextManager[AsyncClient]: ...


@pytest.fixture
def observed() -> Observed:
    @asynccontextmanager
    async def run(**options: Any) -> AsyncGenerator[AsyncClient]:
        async with App(ROUTES, functions=[get_item]) as app, client_of(app, **options) as client:
            yield client

    return run


@pytest.fixture(scope="session")
def everything_told() -> Told:
    """OpenTelemetry as a program sets it up, once."""
    told = Told(InMemorySpanExporter(), InMemoryMetricReader())
    spans = TracerProvider()
    spans.add_span_processor(SimpleSpanProcessor(told.exporter))
    trace.set_tracer_provider(spans)
    metrics.set_meter_provider(MeterProvider([told.reader]))
    return told


@pytest.fixture
def told(everything_told: Told) -> Told:
    """OpenTelemetry, which has been told nothing of spans yet."""
    everything_told.exporter.clear()
    return everything_told


def recorded(name: str) -> Iterator[Records]:
    """What a logger logs meanwhile."""
    kept, logger = Records(), logging.getLogger(name)
    level = logger.level
    logger.addHandler(kept)
    logger.setLevel(logging.INFO)
    yield kept
    logger.removeHandler(kept)
    logger.setLevel(level)


@pytest.fixture
def records() -> Iterator[Records]:
    """The access log."""
    yield from recorded("pikku.http.access")


@pytest.fixture
def said() -> Iterator[Records]:
    """What functions log."""
    yield from recorded("pikku.says")


@pytest.fixture
def said_in_thread() -> Iterator[Records]:
    """What sync functions log."""
    yield from recorded("pikku.says_in_thread")
