from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import App, DeclarationError, pikku_sessionless_func
from pikku_http import HttpApplication, HttpMount, http_mount, http_static, wire_http
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from typing import TypeAlias

    from httpx2 import AsyncClient

    Serve: TypeAlias = Callable[..., AbstractAsyncContextManager[AsyncClient]]


pytestmark = pytest.mark.anyio


@pikku_sessionless_func
async def hello() -> str:
    return "hello"


class Path(BaseModel):
    rest: str


@pikku_sessionless_func
async def everything(data: Path) -> str:
    return data.rest


HELLO = wire_http(method="get", route="/hello", func=hello)


async def inner(scope: Any, _receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        return
    body = f"{scope['root_path']} {scope['path']}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def at(prefix: str) -> Callable[[App], tuple[str, Any]]:
    return lambda _: (prefix, inner)


async def test_a_mount_answers_at_its_prefix_and_below(serve: Serve) -> None:
    async with serve(HELLO, mounts=[("docs", at("/docs"))]) as client:
        assert (await client.get("/docs")).text == "/docs /docs"
        assert (await client.post("/docs/a/b")).text == "/docs /docs/a/b"
        assert (await client.get("/docs2")).status_code == 404
        assert (await client.get("/hello")).json() == "hello"


async def test_a_mount_is_not_hidden_by_a_route_that_takes_everything(serve: Serve) -> None:
    wiring = wire_http(method="get", route="/{rest:path}", func=everything)
    async with serve(wiring, mounts=[("docs", at("/docs"))]) as client:
        assert (await client.get("/docs/x")).text == "/docs /docs/x"
        assert (await client.get("/other/x")).json() == "other/x"


@pytest.mark.parametrize(
    ("mounts", "says"),
    [
        ([("docs", at("docs"))], 'mounts at "docs"'),
        ([("docs", at("/docs/"))], 'mounts at "/docs/"'),
        (
            [("docs", at("/x")), ("mcp", at("/x"))],
            'Both the component "docs" and the component "mcp" are mounted at "/x"',
        ),
        ([("docs", at("/hello"))], 'The route "/hello" is below "/hello"'),
    ],
)
async def test_a_mount_that_does_not_fit_in_is_refused(mounts: list[Any], says: str) -> None:
    async with App([HELLO]) as app:
        with pytest.raises(DeclarationError) as refused:
            HttpApplication(app, mounts=mounts).open()
    assert says in str(refused.value)


async def test_a_longer_prefix_comes_before_a_shorter_one(serve: Serve) -> None:
    declared = [http_mount("/a", inner), http_mount("/a/b", inner)]
    for order in (declared, declared[::-1]):
        async with serve(*order) as client:
            assert (await client.get("/a/x")).text == "/a /a/x"
            assert (await client.get("/a/b/x")).text == "/a/b /a/b/x"


async def test_what_is_mounted_at_the_root_answers_what_no_route_does(serve: Serve) -> None:
    async with serve(HELLO, http_mount("/", inner)) as client:
        assert (await client.get("/hello")).json() == "hello"
        assert (await client.get("/other")).text == " /other"
        assert (await client.get("/caf%C3%A9")).text == " /café"
        assert (await client.get("/")).text == " /"
        assert (await client.post("/hello")).status_code == 405
        assert (await client.get("/healthz")).json() == {"status": "alive"}


async def test_a_factory_is_called_each_time_the_application_opens() -> None:
    made: list[int] = []

    def make() -> Any:
        made.append(1)
        return inner

    app = App([http_mount("/made", make, factory=True)])
    for _ in range(2):
        async with app, client_of(app) as client:
            assert (await client.get("/made/x")).text == "/made /made/x"
    assert len(made) == 2


async def below_a_prefix(application: HttpApplication, path: str, root_path: str) -> str:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode()}
    scope |= {"root_path": root_path, "headers": [], "query_string": b""}
    await application(scope, receive, send)
    body: bytes = sent[1]["body"]
    return body.decode()


@pytest.mark.parametrize("path", ["/api/v1/old/x", "/old/x"])
async def test_below_a_prefix_both_prefixes_are_the_root_path(path: str) -> None:
    async with HttpApplication(App([http_mount("/old", inner)])).running() as application:
        found = await below_a_prefix(application, path, "/api/v1")
    assert found == "/api/v1/old /api/v1/old/x"


async def test_routes_below_an_encoded_prefix_are_found() -> None:
    async with HttpApplication(App([HELLO])).running() as application:
        assert await below_a_prefix(application, "/caf%C3%A9/hello", "/café") == '"hello"'


async def echo(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})


@pytest.mark.parametrize(
    ("declared", "path", "answer"),
    [
        (http_mount("/ws", echo, websockets=True), "/ws/a", "websocket.accept"),
        (http_mount("/", echo, websockets=True), "/a", "websocket.accept"),
        (http_mount("/ws", echo), "/ws/a", "websocket.close"),
        (http_mount("/ws", echo, websockets=True), "/other", "websocket.close"),
    ],
)
async def test_websockets_are_for_those_who_ask_for_them(
    declared: HttpMount, path: str, answer: str
) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async with HttpApplication(App([declared])).running() as application:
        await application({"type": "websocket", "path": path, "root_path": ""}, receive, send)
    assert sent == [answer]


async def async_factory() -> Any: ...


def wsgi(environ: Any, start_response: Any) -> Any: ...


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("old", inner), 'The prefix "old" must begin with "/"'),
        (("/old/", inner), 'The prefix "/old/" must not end with "/"'),
        (("/{old}", inner), 'The prefix "/{old}" has a parameter'),
        (("/o d", inner), 'The prefix "/o d" has the character'),
        (("/old", "app"), '"str" cannot be called'),
        (("/old", wsgi), "a WSGI application: give it to WSGIMiddleware of the package a2wsgi"),
        (("/old", lambda: inner), "write factory=True"),
        (("/old", async_factory, True), "an async factory"),
        (("/old", inner, True), "called without arguments"),
        (("/old", 1, True), '"int" cannot be called'),
    ],
)
def test_what_cannot_be_mounted_is_refused(arguments: Any, says: str) -> None:
    prefix, app, *factory = arguments
    with pytest.raises(DeclarationError) as refused:
        http_mount(prefix, app, factory=bool(factory))
    assert says in str(refused.value)


def test_what_takes_any_arguments_may_be_an_application() -> None:
    async def decorated(*arguments: Any) -> None: ...

    async def half(scope: Any, receive: Any, *rest: Any) -> None: ...

    for app in (decorated, half):
        assert http_mount("/legacy", app).app is app


async def test_a_factory_that_gives_something_else_is_refused() -> None:
    make: Any = lambda: wsgi  # noqa: E731 - what is tested is what no type lets through
    async with App([http_mount("/old", make, factory=True)]) as app:
        with pytest.raises(DeclarationError, match='"/old" gives a WSGI application'):
            HttpApplication(app).open()


async def test_a_mount_and_a_folder_at_one_prefix_are_refused() -> None:
    declared = [http_mount("/x", inner), http_static("/x", directory="tests")]
    async with App(declared) as app:
        with pytest.raises(DeclarationError, match=r'http_mount\("/x"\) and http_static\("/x"\)'):
            HttpApplication(app).open()
