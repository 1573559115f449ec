from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import App, DeclarationError, pikku_middleware, pikku_sessionless_func
from pikku_core.testing import run_app
from pikku_http import Http, wire_http
from pikku_http.testing import FakeHttp, client_of
from pikku_http.testing.client import blocking_client, concurrent_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core import Next
    from pikku_core.testing import BlockingApp
    from pikku_http.http.asgi import Message, Receive, Scope, Send


class Note(BaseModel):
    text: str


@pikku_sessionless_func
async def echo(data: Note) -> Note:
    return data


@pikku_sessionless_func
async def login(*, http: Http) -> str:
    http.set_header("set-cookie", "user=ada")
    return "in"


@pikku_sessionless_func
async def who(*, http: Http) -> str:
    return http.header("cookie") or "nobody"


@pikku_sessionless_func
async def fail() -> None:
    raise RuntimeError("inside")


@pikku_middleware
async def no_store(next: Next, *, http: Http) -> Any:
    http.set_header("cache-control", "no-store")
    return await next()


WIRINGS = [
    wire_http(method="post", route="/echo", func=echo),
    wire_http(method="post", route="/login", func=login),
    wire_http(method="get", route="/who", func=who),
    wire_http(method="get", route="/fail", func=fail),
]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def app() -> Iterator[BlockingApp]:
    with run_app(App(WIRINGS)) as running:
        yield running


@pytest.mark.anyio
async def test_an_async_client_calls_an_app_in_its_own_loop() -> None:
    async with App(WIRINGS) as app, client_of(app) as http:
        answer = await http.post("/echo", json={"text": "x" * 100_000})
    assert answer.status_code == 200
    assert answer.json() == {"text": "x" * 100_000}


def test_a_blocking_client_calls_an_app_in_the_background(app: BlockingApp) -> None:
    with client_of(app) as http:
        assert http.post("/echo", json={"text": "hi"}).json() == {"text": "hi"}
        assert http.post("/echo", json={}).status_code == 422
        assert http.head("/who").content == b""


def test_clients_of_one_app_have_cookies_of_their_own(app: BlockingApp) -> None:
    with client_of(app) as ada, client_of(app) as other:
        ada.post("/login")
        assert ada.get("/who").json() == "user=ada"
        assert other.get("/who").json() == "nobody"


def test_options_are_those_of_the_application(app: BlockingApp) -> None:
    with client_of(app, max_body=10) as http:
        assert http.post("/echo", json={"text": "x" * 20}).status_code == 413


def test_an_error_of_the_server_is_answered_and_logged(
    app: BlockingApp, caplog: pytest.LogCaptureFixture
) -> None:
    with client_of(app) as http:
        assert http.get("/fail").status_code == 500
    assert "RuntimeError: inside" in caplog.text


def test_wirings_that_do_not_fit_are_refused_at_once() -> None:
    routes = [wire_http(method="get", route=f"/{{{name}}}", func=who) for name in "ab"]
    with run_app(App(routes)) as app, pytest.raises(DeclarationError):
        client_of(app)


class Ticking:
    """Sends a part of its answer each time that a test lets it, until the client leaves."""

    def __init__(self) -> None:
        self.ticks: asyncio.Queue[bytes] = asyncio.Queue()
        self.left = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        leaving = asyncio.create_task(self.leave(receive))
        while True:
            tick = asyncio.create_task(self.ticks.get())
            await asyncio.wait({tick, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                tick.cancel()
                self.left.set()
                return
            await send({"type": "http.response.body", "body": tick.result(), "more_body": True})

    async def leave(self, receive: Receive) -> None:
        message: Message = {}
        while message.get("type") != "http.disconnect":
            message = await receive()


@pytest.mark.anyio
async def test_a_streamed_answer_is_read_while_it_is_written() -> None:
    ticking = Ticking()
    async with concurrent_client(ticking) as http, http.stream("GET", "/") as answer:
        parts = answer.aiter_bytes()
        for tick in (b"1", b"2"):
            ticking.ticks.put_nowait(tick)
            assert await anext(parts) == tick
        assert not ticking.left.is_set()
    assert ticking.left.is_set()


def test_a_blocking_client_reads_a_stream_too(app: BlockingApp) -> None:
    ticking = Ticking()
    with blocking_client(ticking, app) as http, http.stream("GET", "/") as answer:
        parts = answer.iter_bytes()
        for tick in (b"1", b"2"):
            app.portal.call(ticking.ticks.put_nowait, tick)
            assert next(parts) == tick
    assert ticking.left.is_set()


async def raising(scope: Scope, receive: Receive, send: Send) -> None:
    raise LookupError("broken")


async def raising_late(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise LookupError("broken")


async def silent(scope: Scope, receive: Receive, send: Send) -> None:
    pass


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("application", "error"),
    [(raising, LookupError), (raising_late, LookupError), (silent, RuntimeError)],
)
async def test_an_application_that_breaks_down_fails_the_test(
    application: Any, error: type[Exception]
) -> None:
    async with concurrent_client(application) as http:
        with pytest.raises(error):
            await http.get("/")


@pytest.mark.anyio
async def test_a_fake_of_http_shows_what_was_set_for_the_answer() -> None:
    async def inside() -> str:
        return "result"

    http = FakeHttp("post", "/notes", headers={"X-User": "ada"}, query="a=1")
    assert await no_store(inside, http=http) == "result"
    assert http.answer_headers == [("cache-control", "no-store")]
    assert (http.method, http.path, http.query, http.client) == (
        "POST",
        "/notes",
        "a=1",
        "127.0.0.1",
    )
    assert http.header("x-user") == "ada"
