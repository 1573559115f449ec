from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator  # noqa: TC003 - an App by hand reads annotations when it runs
from typing import TYPE_CHECKING, Any

import pytest
from httpx2 import ASGITransport, AsyncClient
from pydantic import BaseModel

from pikku_core import (
    App,
    DeclarationError,
    Next,
    pikku_middleware,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_http import Http, HttpApplication, http_errors, http_middleware, wire_http

if TYPE_CHECKING:
    from conftest import Serve

pytestmark = pytest.mark.anyio


class Ref(BaseModel):
    id: str


@pikku_sessionless_func
async def hello() -> str:
    return "hello"


@pikku_sessionless_func
async def show(data: Ref) -> str:
    return data.id


HELLO = wire_http(method="get", route="/hello", func=hello)
SHOW = wire_http(method="get", route="/things/{id}", func=show)


async def test_what_is_no_route_is_404(serve: Serve) -> None:
    async with serve(HELLO) as client:
        for path in ("/", "/hello/", "/Hello", "/hello/x"):
            response = await client.get(path)
            assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


async def test_another_method_is_405_with_those_that_are_allowed(serve: Serve) -> None:
    post = wire_http(method="post", route="/hello", func=show)
    async with serve(HELLO, post, SHOW) as client:
        response = await client.put("/hello")
        assert (response.status_code, response.headers["allow"]) == (
            405,
            "GET, HEAD, OPTIONS, POST",
        )
        assert (await client.post("/things/1")).headers["allow"] == "GET, HEAD, OPTIONS"
        assert (await client.request("BREW", "/hello")).status_code == 405


async def test_a_path_that_is_a_route_allows_what_it_is_a_route_of(serve: Serve) -> None:
    async with serve(
        wire_http(method="get", route="/notes/new", func=hello),
        wire_http(method="put", route="/notes/{id}", func=show),
    ) as client:
        assert (await client.options("/notes/new")).headers["allow"] == "GET, HEAD, OPTIONS"
        assert (await client.patch("/notes/new")).headers["allow"] == "GET, HEAD, OPTIONS"
        assert (await client.options("/notes/7")).headers["allow"] == "OPTIONS, PUT"
        assert (await client.put("/notes/new", json={})).json() == "new"


async def test_options_says_what_is_allowed(serve: Serve) -> None:
    async with serve(HELLO) as client:
        response = await client.options("/hello")
        assert (response.status_code, response.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
        assert (await client.options("/nowhere")).status_code == 404


async def test_a_declared_options_answers_by_itself(serve: Serve) -> None:
    declared = wire_http(method="options", route="/hello", func=hello)
    async with serve(HELLO, declared) as client:
        assert (await client.options("/hello")).json() == "hello"


async def test_head_is_get_without_the_body(serve: Serve) -> None:
    async with serve(HELLO, SHOW) as client:
        got, head = await client.get("/hello"), await client.head("/hello")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == got.headers
        assert (await client.head("/things/1")).headers["content-length"] == "3"


async def test_head_has_no_body_whatever_it_answers(serve: Serve) -> None:
    async with serve(wire_http(method="head", route="/hello", func=hello)) as client:
        for path, status in [("/hello", 200), ("/nothing", 404), ("/%ff", 400)]:
            response = await client.head(path)
            assert (response.status_code, response.content) == (status, b"")
            assert int(response.headers["content-length"]) > 0


async def test_before_it_is_open_it_says_so(caplog: pytest.LogCaptureFixture) -> None:
    application = HttpApplication(App([HELLO]))
    async with AsyncClient(transport=ASGITransport(application), base_url="http://test") as client:
        assert (await client.get("/hello")).status_code == 500
    assert "is not open" in caplog.text


async def test_a_declared_head_answers_by_itself(serve: Serve) -> None:
    declared = wire_http(method="head", route="/hello", func=show, query=["id"])
    async with serve(HELLO, declared) as client:
        assert (await client.head("/hello")).status_code == 422


async def test_a_method_is_looked_for_behind_a_better_route_without_it(serve: Serve) -> None:
    me = wire_http(method="get", route="/things/me", func=hello)
    put = wire_http(method="put", route="/things/{id}", func=show)
    async with serve(me, put) as client:
        response = await client.put("/things/me", json={})
        assert response.json() == "me"


async def test_an_encoded_slash_stays_in_its_segment(serve: Serve) -> None:
    async with serve(SHOW) as client:
        assert (await client.get("/things/a%2Fb")).json() == "a/b"
        assert (await client.get("/things%2Fa")).status_code == 404


async def test_segments_are_decoded_once(serve: Serve) -> None:
    async with serve(SHOW, HELLO) as client:
        assert (await client.get("/things/%252F+%C3%BC")).json() == "%2F+ü"
        assert (await client.get("/%68ello")).json() == "hello"


async def test_a_path_that_is_no_utf_8_is_refused(serve: Serve) -> None:
    async with serve(SHOW) as client:
        assert (await client.get("/things/%ff")).status_code == 400


async def test_pattern_middleware_runs_for_the_routes_that_match(serve: Serve) -> None:
    @pikku_middleware
    async def mark(next: Next, *, http: Http) -> Any:
        http.set_header("x-mark", http.path)
        return await next()

    async with serve(HELLO, SHOW, http_middleware("/things/*", [mark])) as client:
        assert "x-mark" not in (await client.get("/hello")).headers
        assert (await client.get("/things/1")).headers["x-mark"] == "/things/1"


async def call(application: HttpApplication, **scope: Any) -> tuple[int, bytes]:
    """One request as a server makes it."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    base: dict[str, Any] = {"type": "http", "method": "GET", "query_string": b"", "headers": []}
    await application({**base, **scope}, receive, send)
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])


@pytest.mark.parametrize(
    "scope",
    [
        {"root_path": "/api", "path": "/api/hello"},
        {"root_path": "/api", "path": "/hello"},
        {"root_path": "/api", "path": "/api/hello", "raw_path": b"/api/%68ello"},
        {"path": "/hello", "raw_path": None},
        {"path": "/hello"},
    ],
)
async def test_a_mount_point_is_honoured_and_optional_keys_may_lack(scope: dict[str, Any]) -> None:
    async with App([HELLO]) as app:
        application = HttpApplication(app)
        application.open()
        assert await call(application, **scope) == (200, b'"hello"')


@pytest.mark.parametrize(
    ("declarations", "says"),
    [
        ([SHOW, wire_http(method="get", route="/things/{key}", func=show)], "match the same paths"),
        ([http_errors(str), http_errors(repr)], 'two declarations of "http_errors"'),
    ],
)
async def test_declarations_that_do_not_go_together_are_refused(
    declarations: list[Any], says: str
) -> None:
    async with App(declarations) as app:
        with pytest.raises(DeclarationError) as refused:
            HttpApplication(app).open()
    assert says in str(refused.value)


class Lifespan:
    """The server's side of an application's lifespan."""

    def __init__(self, application: HttpApplication) -> None:
        self.sent: asyncio.Queue[Any] = asyncio.Queue()
        self.asked: asyncio.Queue[Any] = asyncio.Queue()
        self.task = asyncio.create_task(
            application({"type": "lifespan"}, self.asked.get, self.sent.put)
        )

    async def ask(self, what: str) -> dict[str, Any]:
        await self.asked.put({"type": f"lifespan.{what}"})
        told: dict[str, Any] = await self.sent.get()
        return told


async def test_the_lifespan_starts_and_stops_the_app() -> None:
    events: list[str] = []

    @pikku_service
    async def store() -> AsyncIterator[list[str]]:
        events.append("start")
        yield events
        events.append("stop")

    @pikku_sessionless_func
    async def use(*, store: list[str]) -> list[str]:
        return store

    application = HttpApplication(
        App([wire_http(method="get", route="/", func=use)], services=[store])
    )
    lifespan = Lifespan(application)
    assert await lifespan.ask("startup") == {"type": "lifespan.startup.complete"}
    assert await call(application, path="/") == (200, b'["start"]')
    assert await lifespan.ask("shutdown") == {"type": "lifespan.shutdown.complete"}
    await lifespan.task
    assert events == ["start", "stop"]


async def test_a_start_that_fails_is_told_to_the_server() -> None:
    @pikku_service
    async def broken() -> int:
        raise RuntimeError("no disk")

    @pikku_sessionless_func
    async def use(*, broken: int) -> int:
        return broken

    app = App([wire_http(method="get", route="/", func=use)], services=[broken])
    lifespan = Lifespan(HttpApplication(app))
    told = await lifespan.ask("startup")
    assert told["type"] == "lifespan.startup.failed"
    assert '"broken"' in told["message"]
    await lifespan.task


async def test_a_websocket_is_closed() -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async with App([HELLO]) as app:
        await HttpApplication(app)({"type": "websocket", "path": "/"}, receive, send)
    assert [one["type"] for one in sent] == ["websocket.close"]


async def test_two_applications_of_one_process_do_not_meet(serve: Serve) -> None:
    async with serve(HELLO) as one, serve(SHOW) as other:
        assert (await one.get("/hello")).status_code == 200
        assert (await other.get("/hello")).status_code == 404
