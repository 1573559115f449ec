"""Permissions for the routes that a pattern chooses."""

from __future__ import annotations

from collections.abc import AsyncIterator  # noqa: TC003 -- the App reads the annotation
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import (
    DeclarationError,
    pikku_permission,
    pikku_sessionless_func,
    tag_permissions,
)
from pikku_http import Http, http_permissions, wire_http

if TYPE_CHECKING:
    from conftest import Serve

pytestmark = pytest.mark.anyio


class Ref(BaseModel):
    id: str


@pikku_permission
async def is_mine(data: Ref) -> bool:
    return data.id == "mine"


@pikku_permission
async def is_named(*, http: Http | None = None) -> bool:
    return http is not None and http.header("x-user") is not None


@pikku_permission
def never() -> bool:
    return False


@pikku_sessionless_func
async def show(data: Ref) -> str:
    return data.id


@pikku_sessionless_func
async def numbers(data: Ref) -> AsyncIterator[int]:
    yield 1


SHOW = wire_http(method="get", route="/things/{id}", func=show)
OTHER = wire_http(method="get", route="/others/{id}", func=show)


async def test_they_must_hold_on_the_routes_that_match(serve: Serve) -> None:
    async with serve(SHOW, OTHER, http_permissions("/things/*", [is_mine])) as client:
        paths = ("/things/mine", "/things/yours", "/others/yours")
        assert [(await client.get(path)).status_code for path in paths] == [200, 403, 200]


async def test_several_patterns_tags_and_wirings_must_agree(serve: Serve) -> None:
    wiring = wire_http(
        method="get", route="/things/{id}", func=show, tags=["named"], permissions={"a": is_mine}
    )
    declared = [
        http_permissions("/things/*", {"no": never, "yes": is_mine}),
        http_permissions("*", {"mine": [is_mine]}),
        tag_permissions("named", [is_named]),
    ]
    async with serve(wiring, declared) as client:
        named = {"x-user": "ada"}
        answers = [
            await client.get("/things/mine", headers=named),
            await client.get("/things/mine"),
            await client.get("/things/yours", headers=named),
        ]
        assert [one.status_code for one in answers] == [200, 403, 403]


@pytest.mark.parametrize("sse", [False, True])
async def test_they_hold_for_streams(serve: Serve, sse: bool) -> None:
    wiring = wire_http(method="get", route="/things/{id}", func=numbers, sse=sse)
    events = {"accept": "text/event-stream"} if sse else {}
    async with serve(wiring, http_permissions("/things/*", [is_mine])) as client:
        answers = [await client.get(f"/things/{one}", headers=events) for one in ("mine", "yours")]
        assert [one.status_code for one in answers] == [200, 403]


async def test_a_permission_for_other_data_is_refused(serve: Serve) -> None:
    @pikku_sessionless_func
    async def plain() -> str:
        return "plain"

    wiring = wire_http(method="get", route="/things", func=plain)
    with pytest.raises(DeclarationError, match="takes the data of the call"):
        async with serve(wiring, http_permissions("*", [is_mine])):
            raise AssertionError("it is served")


@pytest.mark.parametrize(
    ("pattern", "permissions", "reason"),
    [
        ("things/*", [never], 'must begin with "/"'),
        ("/things/*", never, "permissions"),
        ("*", [], "no permissions"),
        ("*", {}, "no permissions"),
    ],
)
def test_what_would_guard_nothing_is_refused(pattern: str, permissions: Any, reason: str) -> None:
    with pytest.raises(DeclarationError, match=reason):
        http_permissions(pattern, permissions)
