"""Server-sent events: what generators yield, and what functions send through `channel`."""

from __future__ import annotations

import asyncio
from collections.abc import (  # noqa: TC003 -- an App built by hand reads annotations
    AsyncIterator,
    Iterator,
)
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import App, ConflictError, DeclarationError, pikku_func, pikku_sessionless_func
from pikku_http import EventChannel, Http, HttpApplication, HttpOptions, ServerSentEvent, wire_http

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from conftest import Serve
    from httpx2 import AsyncClient, Response

pytestmark = pytest.mark.anyio

EVENTS = {"accept": "text/event-stream"}


class Tick(BaseModel):
    price: int


class Secretive(Tick):
    password: str = "x"


class Upto(BaseModel):
    end: int = 2


@pikku_sessionless_func
async def ticks(data: Upto) -> AsyncIterator[Tick]:
    for price in range(data.end):
        yield Tick(price=price)


@pikku_sessionless_func
async def counted(data: Upto, *, channel: EventChannel[int]) -> str:
    for number in range(data.end):
        await channel.send(number)
    return "counted"


@pikku_sessionless_func
def ticks_in_thread(data: Upto) -> Iterator[Tick]:
    for price in range(data.end):
        yield Tick(price=price)


@pikku_sessionless_func
async def named() -> AsyncIterator[ServerSentEvent[Tick]]:
    yield ServerSentEvent(Secretive(price=1), event="tick", id="a1", retry=500)
    yield ServerSentEvent(Tick(price=2), id="")


@pikku_sessionless_func
async def build(data: Upto, *, channel: EventChannel[Tick]) -> Tick:
    for price in range(data.end):
        await channel.send(Tick(price=price), event="progress", id=str(price))
    return Tick(price=99)


@pikku_sessionless_func
async def refused(*, channel: EventChannel[Tick]) -> None:
    raise ConflictError("Not now.")


@pikku_sessionless_func
async def seen(*, channel: EventChannel[Tick]) -> str | None:
    return channel.last_event_id


@pikku_sessionless_func
async def waiting() -> AsyncIterator[Tick]:
    await asyncio.Event().wait()
    yield Tick(price=0)


def sse(func: Callable[..., Any], **options: Any) -> Any:
    return wire_http(method=options.pop("method", "get"), route="/", func=func, sse=True, **options)


async def events(
    serve: Serve, func: Callable[..., Any], url: str = "/", last_event_id: bytes = b""
) -> Response:
    headers = [(b"accept", b"text/event-stream")]
    if last_event_id:
        headers.append((b"last-event-id", last_event_id))
    async with serve(sse(func)) as client:
        return await client.get(url, headers=headers)


async def plain(serve: Serve, func: Callable[..., Any], url: str = "/") -> Response:
    async with serve(sse(func)) as client:
        return await client.get(url, headers={"accept": "*/*"})


@pytest.mark.parametrize("func", [ticks, ticks_in_thread])
async def test_what_is_yielded_is_an_event_and_the_end_another(
    serve: Serve, func: Callable[..., Any]
) -> None:
    response = await events(serve, func)
    assert response.headers["content-type"] == "text/event-stream"
    assert response.headers["cache-control"] == "no-store"
    assert response.text == (
        'data: {"price":0}\n\ndata: {"price":1}\n\nevent: done\ndata: null\n\n'
    )


async def test_an_event_has_a_type_an_id_and_a_time_to_retry_after(serve: Serve) -> None:
    assert (await events(serve, named)).text == (
        'event: tick\nid: a1\nretry: 500\ndata: {"price":1}\n\n'
        'id: \ndata: {"price":2}\n\nevent: done\ndata: null\n\n'
    )


async def test_the_result_of_a_function_that_sends_is_the_last_event(serve: Serve) -> None:
    assert (await events(serve, build, "/?end=1")).text == (
        'event: progress\nid: 0\ndata: {"price":0}\n\nevent: done\ndata: {"price":99}\n\n'
    )


@pytest.mark.parametrize(
    ("func", "body"),
    [
        (ticks, [{"price": 0}, {"price": 1}]),
        (named, [{"price": 1}, {"price": 2}]),
        (build, {"price": 99}),
    ],
)
async def test_who_does_not_accept_events_gets_json(
    serve: Serve, func: Callable[..., Any], body: Any
) -> None:
    response = await plain(serve, func)
    assert (response.headers["content-type"], response.json()) == ("application/json", body)
    assert response.headers["vary"] == "accept"


async def test_json_of_no_events_is_an_empty_list(serve: Serve) -> None:
    assert (await plain(serve, ticks, "/?end=0")).json() == []


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("text/event-stream", "text/event-stream"),
        ("application/json, Text/Event-Stream; q=0.5", "text/event-stream"),
        ("text/event-stream;q=0, */*", "application/json"),
        ("text/*", "application/json"),
        ("", "application/json"),
    ],
)
async def test_events_are_for_who_names_them(serve: Serve, accept: str, answered: str) -> None:
    async with serve(sse(ticks)) as client:
        response = await client.get("/", headers={"accept": accept})
    assert response.headers["content-type"] == answered


async def test_an_error_before_the_first_event_is_answered(serve: Serve) -> None:
    @pikku_func
    async def mine() -> AsyncIterator[Tick]:
        yield Tick(price=0)

    assert (await events(serve, refused)).json()["error"]["message"] == "Not now."
    assert (await events(serve, mine)).status_code == 401
    assert (await events(serve, ticks, "/?end=x")).status_code == 422


async def test_a_client_says_which_event_it_has_seen(serve: Serve) -> None:
    response = await events(serve, seen, last_event_id="ä7".encode())
    assert response.text == 'event: done\ndata: "ä7"\n\n'
    assert "data: null" in (await events(serve, seen)).text


async def test_a_status_without_a_body_tells_the_client_to_stay_away(serve: Serve) -> None:
    @pikku_sessionless_func
    async def over(*, http: Http, channel: EventChannel[Tick]) -> None:
        http.status = 204

    response = await events(serve, over)
    assert (response.status_code, response.content) == (204, b"")


async def test_a_silent_stream_is_opened_and_kept_alive() -> None:
    async with streaming(waiting, heartbeat=0.01) as response:
        lines = response.aiter_lines()
        assert [await anext(lines) for _ in range(3)] == [":", "", ":"]


async def test_a_server_that_drains_ends_streams_and_closes_their_generators() -> None:
    closed = asyncio.Event()

    @pikku_sessionless_func
    async def watch() -> AsyncIterator[Tick]:
        try:
            yield Tick(price=0)
            await asyncio.Event().wait()
        finally:
            closed.set()

    async with App([sse(watch)]) as app:
        application = opened(app)
        async with (
            client(application) as asking,
            asking.stream("GET", "/", headers=EVENTS) as response,
        ):
            text = response.aiter_text()
            assert await anext(text) == 'data: {"price":0}\n\n'
            application.drain()
            assert [part async for part in text if part] == []
            assert closed.is_set()
            late = await asking.get("/", headers=EVENTS)
            assert (late.status_code, late.content) == (200, b"")


@pytest.mark.parametrize("when", ["before", "while"])
async def test_a_server_that_drains_says_of_a_call_that_nobody_repeats_that_it_did_not_end(
    when: str,
) -> None:
    begun = asyncio.Event()

    @pikku_sessionless_func
    async def job(*, channel: EventChannel[Tick], http: Http) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with App([sse(job, method="post")]) as app:
        application = opened(app)
        async with client(application) as asking:
            if when == "before":
                application.drain()
            running = asyncio.create_task(asking.post("/", headers=EVENTS))
            if when == "while":
                await begun.wait()
                application.drain()
            answer = await running
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert begun.is_set() is (when == "while")


async def test_what_waits_for_a_stream_to_open_does_not_run_where_the_server_ends_it() -> None:
    begun, called = asyncio.Event(), asyncio.Event()

    async def note(_http: Http) -> None:
        called.set()

    @pikku_sessionless_func
    async def watch(*, http: Http) -> AsyncIterator[Tick]:
        http.before_stream(note)
        begun.set()
        await asyncio.Event().wait()
        yield Tick(price=0)

    async with App([sse(watch)]) as app:
        application = opened(app)
        async with client(application) as asking:
            running = asyncio.create_task(asking.get("/", headers=EVENTS))
            await begun.wait()
            application.drain()
            assert (await running).status_code == 200
    assert not called.is_set()


@pikku_sessionless_func
async def heard(*, channel: EventChannel[bool]) -> bool:
    return channel.is_open


async def test_a_channel_is_open_where_events_reach_somebody(serve: Serve) -> None:
    assert "data: true" in (await events(serve, heard)).text
    assert (await plain(serve, heard)).json() is False


async def test_head_has_the_headers_of_events(serve: Serve) -> None:
    async with serve(sse(ticks), heartbeat=0.01) as client:
        assert (await client.head("/", headers=EVENTS)).headers[
            "content-type"
        ] == "text/event-stream"
    for func in (waiting, build, seen):
        async with serve(sse(func), heartbeat=0.01) as client:
            response = await client.head("/", headers=EVENTS)
            assert (response.status_code, response.content) == (200, b"")


async def test_events_that_are_sent_at_once_do_not_mix(serve: Serve) -> None:
    @pikku_sessionless_func
    async def many(*, channel: EventChannel[int]) -> None:
        await asyncio.gather(*(channel.send(number) for number in range(50)))

    text = (await events(serve, many)).text
    assert sorted(text.split("\n\n")[:-2]) == sorted(f"data: {number}" for number in range(50))


async def test_data_comes_from_a_body_too(serve: Serve) -> None:
    async with serve(sse(ticks, method="post")) as client:
        response = await client.post("/", json={"end": 1}, headers=EVENTS)
    assert response.text.startswith('data: {"price":0}\n\n')


async def test_a_function_that_sends_has_a_body_for_who_accepts_no_events_too(serve: Serve) -> None:
    async with serve(sse(build, method="post")) as client:
        response = await client.post("/", json={"end": 1}, headers={"accept": "application/json"})
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")


@pytest.mark.parametrize(
    "broken", [{"event": "done"}, {"event": "a\nb"}, {"id": "a\r"}, {"id": "\0"}, {"retry": -1}]
)
def test_an_event_that_would_break_out_of_its_line_is_refused(broken: Any) -> None:
    with pytest.raises(ValueError, match=r"event|retry"):
        ServerSentEvent(1, **broken)


async def test_a_function_without_events_is_refused() -> None:
    @pikku_sessionless_func
    async def hello() -> str:
        return "hello"

    @pikku_sessionless_func
    def blocking(*, channel: EventChannel[int]) -> str:
        return "hello"

    @pikku_sessionless_func
    async def blocks() -> AsyncIterator[bytes]:
        yield b""

    @pikku_sessionless_func
    async def mixed() -> AsyncIterator[ServerSentEvent[int] | int]:
        yield 1

    for func in (hello, blocking, blocks, mixed):
        async with App([sse(func)]) as app:
            with pytest.raises(DeclarationError, match=f'"{func.__name__}"'):
                opened(app)


async def test_a_channel_is_refused_where_there_are_no_events() -> None:
    async with App([wire_http(method="get", route="/", func=build)]) as app:
        with pytest.raises(DeclarationError, match='"channel"'):
            opened(app)


@pytest.mark.parametrize("options", [{"status": 201}, {"method": "head"}])
def test_a_route_that_cannot_have_events_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError):
        sse(ticks, **options)


def opened(app: App, **options: Any) -> HttpApplication:
    application = HttpApplication(app, HttpOptions(**options))
    application.open()
    return application


def client(application: HttpApplication) -> AsyncClient:
    from httpx2 import AsyncClient

    from pikku_http.testing.client import Transport

    return AsyncClient(transport=Transport(application), base_url="http://test")


@asynccontextmanager
async def streaming(func: Callable[..., Any], **options: Any) -> AsyncGenerator[Response]:
    async with (
        App([sse(func)]) as app,
        client(opened(app, **options)) as asking,
        asking.stream("GET", "/", headers=EVENTS) as response,
    ):
        yield response


@pytest.mark.parametrize("func", [counted, ticks])
async def test_a_body_is_read_whatever_the_client_accepts(serve: Serve, func: Any) -> None:
    async with serve(wire_http(method="post", route="/", func=func, sse=True)) as client:
        plain = await client.post("/", json={"end": 1})
        events = await client.post("/", json={"end": 1}, headers=EVENTS)
    assert plain.json() == ("counted" if func is counted else [{"price": 0}])
    assert events.headers["content-type"] == "text/event-stream"
    assert "event: done" in events.text
