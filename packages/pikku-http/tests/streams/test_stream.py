"""Generator functions behind routes."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    ConflictError,
    DeclarationError,
    Next,
    pikku_func,
    pikku_middleware,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_http import Http, HttpApplication, Redirect, wire_http
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from typing import TypeAlias

    from httpx2 import AsyncClient, Response

    Serve: TypeAlias = Callable[..., AbstractAsyncContextManager[AsyncClient]]


pytestmark = pytest.mark.anyio


class Upto(BaseModel):
    end: int


class Row(BaseModel):
    number: int


@pikku_sessionless_func
async def rows(data: Upto) -> AsyncIterator[Row]:
    for number in range(data.end):
        yield Row(number=number)


@pikku_sessionless_func
def rows_in_thread(data: Upto) -> Iterator[Row]:
    for number in range(data.end):
        yield Row(number=number)


@pikku_sessionless_func
async def blocks() -> AsyncIterator[bytes]:
    yield b"\x00"
    yield b"\xff"


@pikku_sessionless_func
async def refused() -> AsyncIterator[Row]:
    for number in range(1, 3):
        if number:
            raise ConflictError("Not now.")
        yield Row(number=number)


@pikku_sessionless_func
async def broken() -> AsyncIterator[Row]:
    yield Row(number=0)
    raise RuntimeError("the password is x")


@pikku_sessionless_func
async def endless() -> AsyncIterator[Row]:
    while True:
        yield Row(number=0)


@pikku_func
async def mine() -> AsyncIterator[Row]:
    yield Row(number=0)


def get(func: Callable[..., Any], route: str = "/", **options: Any) -> Any:
    return wire_http(method="get", route=route, func=func, **options)


async def asked(serve: Serve, func: Callable[..., Any], url: str = "/", **options: Any) -> Response:
    async with serve(get(func, **options)) as client:
        return await client.get(url)


@pytest.mark.parametrize("func", [rows, rows_in_thread])
async def test_items_are_lines_of_json(serve: Serve, func: Callable[..., Any]) -> None:
    response = await asked(serve, func, "/?end=2")
    assert (response.status_code, response.content) == (200, b'{"number":0}\n{"number":1}\n')
    assert response.headers["content-type"] == "application/x-ndjson"
    assert "content-length" not in response.headers


async def test_a_stream_of_nothing_is_empty(serve: Serve) -> None:
    response = await asked(serve, rows, "/?end=0")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-type"] == "application/x-ndjson"


async def test_bytes_are_sent_as_they_are(serve: Serve) -> None:
    response = await asked(serve, blocks)
    assert response.content == b"\x00\xff"
    assert response.headers["content-type"] == "application/octet-stream"


async def test_data_comes_from_the_body_too(serve: Serve) -> None:
    async with serve(wire_http(method="post", route="/", func=rows, status=202)) as client:
        response = await client.post("/", json={"end": 1})
    assert (response.status_code, response.content) == (202, b'{"number":0}\n')


async def test_an_error_before_the_first_item_is_answered(serve: Serve) -> None:
    response = await asked(serve, refused)
    assert (response.status_code, response.json()["error"]["message"]) == (409, "Not now.")
    assert (await asked(serve, rows, "/?end=x")).status_code == 422
    assert (await asked(serve, mine)).status_code == 401


async def test_an_error_after_an_item_cuts_the_stream_and_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sent = list[dict[str, Any]]()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with caplog.at_level(logging.ERROR, "pikku.http"):
        await request(broken, send)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[-1]["more_body"]
    assert "the password is x" in caplog.text
    assert 'The stream of "http:get:/" was cut (trace id ' in caplog.text


async def test_an_item_that_does_not_fit_is_not_sent(serve: Serve) -> None:
    @pikku_sessionless_func
    async def wrong() -> AsyncIterator[Row]:
        yield cast("Row", {"password": "x"})

    response = await asked(serve, wrong)
    assert response.status_code == 500
    assert "password" not in response.text


async def test_http_sets_status_and_headers_before_the_first_item(serve: Serve) -> None:
    @pikku_sessionless_func
    async def page(*, http: Http) -> AsyncIterator[bytes]:
        http.status = 203
        http.set_header("content-type", "text/csv")
        yield b"a,b\n"
        http.set_header("x-late", "1")

    response = await asked(serve, page)
    assert (response.status_code, response.headers["content-type"]) == (203, "text/csv")
    assert "x-late" not in response.headers


async def test_head_has_the_headers_and_ends_the_stream(serve: Serve) -> None:
    async with serve(get(endless)) as client:
        response = await client.head("/")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-type"] == "application/x-ndjson"


async def test_middleware_is_round_the_whole_stream(serve: Serve) -> None:
    seen = list[str]()

    @pikku_middleware
    async def watching(next: Next, *, http: Http) -> Any:
        http.set_header("x-watched", "1")
        result = await next()
        seen.append("over")
        return result

    response = await asked(serve, rows, "/?end=1", middleware=[watching])
    assert (response.headers["x-watched"], seen) == ("1", ["over"])


async def test_a_client_that_leaves_ends_the_stream() -> None:
    closed = asyncio.Event()

    @pikku_service(scope="call")
    async def unit() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            closed.set()

    @pikku_sessionless_func
    async def wait(*, unit: int) -> AsyncIterator[int]:
        yield unit
        await asyncio.Event().wait()

    async with App([get(wait)], services=[unit]) as app, client_of(app) as client:
        async with client.stream("GET", "/") as response:
            assert await anext(response.aiter_lines()) == "1"
        assert closed.is_set()


async def test_a_stream_that_never_waits_lets_others_have_their_turn() -> None:
    left = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            asyncio.get_running_loop().call_soon(left.set)

    await request(endless, send, receive)


async def test_a_server_that_raises_for_a_client_that_has_left_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            raise BrokenPipeError

    await request(endless, send)
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("item", "options"), [(bytes | str, {}), (Redirect, {}), (bytes, {"status": 204})]
)
async def test_a_stream_that_has_no_form_is_refused(item: Any, options: dict[str, Any]) -> None:
    async def give() -> Any:
        yield b""

    give.__annotations__["return"] = AsyncIterator[item]
    async with App([get(pikku_sessionless_func(give), **options)]) as app:
        with pytest.raises(DeclarationError):
            HttpApplication(app).open()


async def request(func: Callable[..., Any], send: Any, receive: Any = None) -> None:
    """One request without a client: until the application returns."""

    async def stays() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [],
    }
    async with App([get(func)]) as app:
        application = HttpApplication(app)
        application.open()
        await application(scope, receive or stays, send)


async def test_lines_are_read_while_they_are_written(serve: Serve) -> None:
    go = asyncio.Event()

    @pikku_sessionless_func
    async def two() -> AsyncIterator[int]:
        yield 1
        await go.wait()
        yield 2

    async with serve(get(two)) as client, client.stream("GET", "/") as response:
        lines = response.aiter_lines()
        assert json.loads(await anext(lines)) == 1
        go.set()
        assert json.loads(await anext(lines)) == 2
