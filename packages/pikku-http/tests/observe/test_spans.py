"""Spans, as the real SDK of OpenTelemetry is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode, format_span_id, format_trace_id

from pikku_http.http.observe.spans import server_of

if TYPE_CHECKING:
    from conftest import Observed, Told
    from opentelemetry.sdk.trace import ReadableSpan

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = {"traceparent": f"00-{TRACE}-{SPAN}-01"}


def trace_of(span: ReadableSpan) -> str:
    assert span.context is not None
    return format_trace_id(span.context.trace_id)


def assert_child(child: ReadableSpan, parent: ReadableSpan) -> None:
    assert child.parent is not None
    assert parent.context is not None
    assert child.parent.span_id == parent.context.span_id


async def test_a_request_is_a_span_by_the_conventions(observed: Observed, told: Told) -> None:
    async with observed() as http:
        await http.get(
            "/items/7?token=secret", headers={"user-agent": "curl/8", "host": "a.test:81"}
        )
    span = told.span("GET /items/{id}")
    assert span.kind is SpanKind.SERVER
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/items/{id}",
        "url.path": "/items/7",
        "url.scheme": "http",
        "server.address": "a.test",
        "server.port": 81,
        "client.address": "127.0.0.1",
        "network.protocol.version": "1.1",
        "user_agent.original": "curl/8",
        "http.response.status_code": 200,
        "http.response.body.size": 8,
    }
    assert span.status.status_code is StatusCode.UNSET


async def test_the_trace_of_the_caller_is_continued(observed: Observed, told: Told) -> None:
    async with observed(request_ids="always") as http:
        answer = await http.get("/items/7", headers=PARENT)
    span = told.span("GET /items/{id}")
    assert trace_of(span) == answer.headers["x-request-id"] == TRACE
    assert span.parent is not None
    assert format_span_id(span.parent.span_id) == SPAN


async def test_inside_a_span_that_is_current_it_is_an_inner_one(
    observed: Observed, told: Told
) -> None:
    async with observed() as http:
        with trace.get_tracer("outer").start_as_current_span("outer"):
            await http.get("/items/7", headers=PARENT)
    span = told.span("GET /items/{id}")
    assert_child(span, told.span("outer"))
    assert span.kind is SpanKind.INTERNAL


async def test_a_new_trace_has_the_id_of_the_answer(observed: Observed, told: Told) -> None:
    async with observed(request_ids="always") as http:
        answer = await http.get("/items/7")
    assert answer.headers["x-request-id"] == trace_of(told.span("GET /items/{id}"))


async def test_the_request_id_of_a_caller_stands_in_the_span(
    observed: Observed, told: Told
) -> None:
    async with observed(request_ids="always") as http:
        answer = await http.get("/items/7", headers={"x-request-id": "mine"})
    assert answer.headers["x-request-id"] == "mine"
    attributes = told.span("GET /items/{id}").attributes or {}
    assert attributes["http.request.header.x-request-id"] == ("mine",)


async def test_the_query_string_is_told_on_request(observed: Observed, told: Told) -> None:
    async with observed(observe_query=True) as http:
        await http.get("/items/7?a=1")
    assert (told.span("GET /items/{id}").attributes or {})["url.query"] == "a=1"


async def test_an_error_of_the_server_is_recorded(observed: Observed, told: Told) -> None:
    async with observed() as http:
        await http.get("/broken")
    span = told.span("GET /broken")
    assert span.status.status_code is StatusCode.ERROR
    assert (span.attributes or {})["error.type"] == "RuntimeError"
    (event,) = span.events
    assert (event.attributes or {})["exception.message"] == "the password is x"


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/missing", "GET /missing"),
        ("GET", "/nowhere", "GET"),
        ("BREW", "/nowhere", "HTTP"),
        ("HEAD", "/items/7", "HEAD /items/{id}"),
    ],
)
async def test_what_is_no_error_of_the_server_is_none_of_the_span(
    observed: Observed, told: Told, method: str, path: str, name: str
) -> None:
    async with observed() as http:
        await http.request(method, path)
    span = told.span(name)
    assert span.status.status_code is StatusCode.UNSET
    assert span.events == ()
    attributes = span.attributes or {}
    assert "error.type" not in attributes
    assert attributes["http.request.method"] == ("_OTHER" if method == "BREW" else method)


async def test_the_span_of_a_stream_ends_with_it(observed: Observed, told: Told) -> None:
    async with observed() as http, http.stream("GET", "/ticks") as answer:
        assert await anext(answer.aiter_bytes())
        assert told.spans() == []
    span = told.span("GET /ticks")
    assert (span.attributes or {})["pikku.outcome"] == "client_gone"
    assert span.status.status_code is StatusCode.UNSET


async def test_a_stream_that_is_cut_is_an_error(observed: Observed, told: Told) -> None:
    async with observed() as http, http.stream("GET", "/breaks") as answer:
        [part async for part in answer.aiter_bytes()]
    span = told.span("GET /breaks")
    assert span.status.status_code is StatusCode.ERROR
    assert (span.attributes or {})["error.type"] == "RuntimeError"


@pytest.mark.parametrize("path", ["/library", "/library-in-thread"])
async def test_the_span_of_a_library_is_within_that_of_the_request(
    observed: Observed, told: Told, path: str
) -> None:
    async with observed() as http:
        await http.get(path)
    assert_child(told.span("query"), told.span(f"GET {path}"))


async def test_a_call_by_name_has_a_span_of_its_own(observed: Observed, told: Told) -> None:
    async with observed() as http:
        await http.get("/outer")
    child = told.span("get_item")
    assert_child(child, told.span("GET /outer"))
    assert child.kind is SpanKind.INTERNAL
    assert (child.attributes or {})["pikku.function"] == "get_item"


async def test_two_applications_of_one_app_make_one_span_of_a_call(
    observed: Observed, told: Told
) -> None:
    async with observed() as http:
        await http.get("/outer")
    async with observed() as http:
        await http.get("/outer")
    assert len([one for one in told.spans() if one.name == "get_item"]) == 2


@pytest.mark.parametrize(
    ("path", "name", "status"),
    [
        ("/outer-missing", "missing", StatusCode.UNSET),
        ("/outer-broken", "broken", StatusCode.ERROR),
    ],
)
async def test_only_what_nobody_is_to_blame_for_is_an_error_of_a_call(
    observed: Observed, told: Told, path: str, name: str, status: StatusCode
) -> None:
    async with observed() as http:
        await http.get(path)
    assert told.span(name).status.status_code is status
    assert len(told.span(name).events) == (status is StatusCode.ERROR)


async def test_the_trace_goes_on_from_the_span(observed: Observed, told: Told) -> None:
    async with observed() as http:
        sent = (await http.get("/passed-on", headers=PARENT | {"baggage": "a=1"})).json()
    span = told.span("GET /passed-on")
    assert span.context is not None
    assert sent["traceparent"] == f"00-{TRACE}-{format_span_id(span.context.span_id)}-01"
    assert sent["baggage"] == "a=1"


async def test_unobserved_routes_have_no_span(observed: Observed, told: Told) -> None:
    async with observed() as http:
        await http.get("/healthz")
    assert told.spans() == []


async def test_after_a_request_no_span_is_current(observed: Observed, told: Told) -> None:
    async with observed() as http:
        await http.get("/library")
        await http.get("/library")
    assert all(span.parent is None for span in told.spans() if span.name == "GET /library")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.test", ("a.test", 80)),
        ("a.test:8000", ("a.test", 8000)),
        ("[::1]:8000", ("::1", 8000)),
        ("[::1]", ("::1", 80)),
        ("a.test:", ("a.test:", 80)),
        ("a.test:999999", ("a.test:999999", 80)),
    ],
)
def test_the_host_tells_address_and_port(host: str, expected: tuple[str, int]) -> None:
    assert server_of(host, "http") == expected
