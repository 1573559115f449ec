"""`http_cors` and Starlette's middleware say the same of requests that both let in or keep out."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from starlette.middleware.cors import CORSMiddleware

from pikku_core import App, pikku_sessionless_func
from pikku_http import http_cors, wire_http
from pikku_http.testing import client_of
from pikku_http.testing.client import concurrent_client

if TYPE_CHECKING:
    from httpx2 import AsyncClient

    from pikku_http.http.asgi import ASGIApp, Receive, Scope, Send

ORIGINS = ["https://a.example", "https://b.example", "https://x.b.example", "http://a.example:81"]
BELOW = "https://*.b.example"
COMPARED = ("allow-origin", "allow-credentials", "expose-headers", "max-age", "allow-methods")


@pikku_sessionless_func
async def hello() -> str:
    return "hello"


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    del scope, receive
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body"})


async def said(client: AsyncClient, method: str, headers: dict[str, str]) -> dict[str, Any]:
    answer = await client.request(method, "/", headers=headers)
    found: dict[str, Any] = {
        name: answer.headers.get(f"access-control-{name}", "").lower() for name in COMPARED
    }
    found["allow-methods"] = set(found["allow-methods"].split(", "))
    found["varies"] = "origin" in ", ".join(answer.headers.get_list("vary")).lower()
    return found


async def both(
    origins: list[str], options: dict[str, Any], method: str, headers: dict[str, str]
) -> list[dict[str, Any]]:
    below = re.escape(BELOW).replace(r"\*", "[a-z]+") if BELOW in origins else None
    starlette: ASGIApp = CORSMiddleware(
        plain,
        allow_origins=[one for one in origins if one != BELOW],
        allow_origin_regex=below,
        allow_methods=["GET", "HEAD"],
        allow_headers=["*"],
        allow_credentials=options["credentials"],
        expose_headers=options["expose"],
        max_age=options["max_age"],
    )
    declared = [
        wire_http(method="get", route="/", func=hello),
        http_cors(origins=origins, **options),
    ]
    async with App(declared) as app, client_of(app) as ours, concurrent_client(starlette) as theirs:
        return [await said(one, method, headers) for one in (ours, theirs)]


listed = st.lists(st.sampled_from([*ORIGINS, BELOW, "null"]), unique=True, min_size=1)
preflights = st.sampled_from([None, "GET", "PUT"])


@given(
    origins=listed | st.just(["*"]),
    origin=st.sampled_from([*ORIGINS, "https://evil.example", "null"]),
    credentials=st.booleans(),
    expose=st.sampled_from([[], ["x-total"], ["x-total", "link"]]),
    asked=preflights,
)
def test_what_starlette_says_is_said(
    origins: list[str], origin: str, credentials: bool, expose: list[str], asked: str | None
) -> None:
    options: dict[str, Any] = {"expose": expose, "max_age": 60}
    options["credentials"] = credentials and not {"*", "null"} & {*origins}
    headers = {"origin": origin}
    if asked is not None:
        headers["access-control-request-method"] = asked
    ours, theirs = asyncio.run(both(origins, options, "OPTIONS" if asked else "GET", headers))
    assert ours["allow-origin"] == theirs["allow-origin"]
    if not ours["allow-origin"]:
        # Starlette says some of the rest all the same, and leaves `Vary` out where no origin was let in.
        assert ours["varies"]
        assert not any(ours[name] for name in COMPARED if name != "allow-methods")
        return
    compared = set(COMPARED) - (set() if asked else {"max-age", "allow-methods"})
    assert {name: ours[name] for name in compared} == {name: theirs[name] for name in compared}
    assert ours["varies"] >= theirs["varies"] or origins == ["*"]
