from __future__ import annotations

import json
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from pikku_core import App, pikku_sessionless_func
from pikku_http import wire_http
from pikku_http.http.docs.pages import below_prefix
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from httpx2 import AsyncClient

    from pikku_http import HttpWiring

pytestmark = pytest.mark.anyio

DOCUMENT = b'{"openapi": "3.1.1"}'


@pikku_sessionless_func
async def hello() -> str:
    return "hello"


class Named(BaseModel):
    tenant: str


@pikku_sessionless_func
async def named(data: Named) -> str:
    return data.tenant


HELLO = wire_http(method="get", route="/hello", func=hello)


@asynccontextmanager
async def serve(wiring: HttpWiring, document: bytes | None = None) -> AsyncGenerator[AsyncClient]:
    async with App([wiring]) as app, client_of(app, document=document) as client:
        yield client


async def test_the_document_is_served() -> None:
    async with serve(HELLO, document=DOCUMENT) as client:
        answer = await client.get("/openapi.json")
        assert (answer.status_code, answer.content) == (200, DOCUMENT)
        assert answer.headers["content-type"] == "application/json"
        assert (await client.get("/hello")).json() == "hello"


async def test_without_a_document_nothing_is_served() -> None:
    async with serve(HELLO) as client:
        for path in ("/openapi.json", "/docs"):
            assert (await client.get(path)).status_code == 404


async def test_all_that_the_page_loads_is_there_and_nothing_is_from_elsewhere() -> None:
    async with serve(HELLO, document=DOCUMENT) as client:
        page = await client.get("/docs")
        assert page.headers["content-type"].startswith("text/html")
        links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert links == [
            "data:,",
            "docs/swagger-ui.css",
            "docs/swagger-ui-bundle.js",
            "docs/start.js",
        ]
        for link in links[1:]:
            answer = await client.get(f"/{link}")
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith(("text/css", "text/javascript"))
            assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_page_may_run_only_scripts_of_this_server() -> None:
    async with serve(HELLO, document=DOCUMENT) as client:
        page = await client.get("/docs")
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert not re.search(r"<script>|<script [^>]*>[^<]", page.text)


async def test_an_asset_is_compressed_for_who_takes_it() -> None:
    async with serve(HELLO, document=DOCUMENT) as client:
        path = "/docs/swagger-ui.css"
        packed = await client.get(path, headers={"accept-encoding": "gzip"})
        plain = await client.get(path, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert packed.headers["vary"] == plain.headers["vary"] == "accept-encoding"


async def test_head_and_other_methods_are_answered_as_for_any_route() -> None:
    async with serve(HELLO, document=DOCUMENT) as client:
        head = await client.head("/openapi.json")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(DOCUMENT))
        assert (await client.post("/docs")).headers["allow"] == "GET, HEAD, OPTIONS"


async def test_a_route_with_parameters_comes_first_too() -> None:
    async with serve(
        wire_http(method="get", route="/{tenant}", func=named), document=DOCUMENT
    ) as client:
        for path in ("/docs", "/openapi.json"):
            assert (await client.get(path)).json() == path[1:]
            assert (await client.head(path)).headers["content-type"] == "application/json"


async def test_a_route_of_the_project_comes_first() -> None:
    own = wire_http(method="get", route="/docs", func=hello)
    async with serve(own, document=DOCUMENT) as client:
        assert (await client.get("/docs")).json() == "hello"
        assert (await client.head("/docs")).headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("servers", "expected"),
    [
        (None, [{"url": "/caf%C3%A9"}]),
        ([{"url": "/"}], [{"url": "/caf%C3%A9"}]),
        ([{"url": "https://api.example.com"}], [{"url": "https://api.example.com"}]),
    ],
)
def test_below_a_prefix_the_document_says_so_unless_it_names_servers(
    servers: object, expected: object
) -> None:
    document = {"openapi": "3.1.1"} | ({} if servers is None else {"servers": servers})
    found = json.loads(below_prefix(json.dumps(document).encode(), "/café"))
    assert found == {"openapi": "3.1.1", "servers": expected}
