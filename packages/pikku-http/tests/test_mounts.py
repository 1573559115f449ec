from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import App, DeclarationError, pikku_sessionless_func
from pikku_http import HttpApplication, wire_http

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Serve

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
