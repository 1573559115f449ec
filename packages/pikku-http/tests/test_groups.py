"""Groups of routes in an App that is put together by hand."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import (
    DeclarationError,
    Next,
    PermissionGroup,
    Sessions,
    pikku_middleware,
    pikku_permission,
    pikku_session,
    pikku_sessionless_func,
)
from pikku_http import define_http_routes, http_route, wire_http, wire_http_routes
from pikku_http.http.groups import joined_permissions

if TYPE_CHECKING:
    from conftest import Serve

pytestmark = pytest.mark.anyio


@pikku_session
class Session:
    pass


@pikku_sessionless_func
async def hello() -> str:
    return "hello"


@pikku_middleware
async def outer(next: Next) -> Any:
    return f"outer {await next()}"


@pikku_middleware
async def inner(next: Next) -> Any:
    return f"inner {await next()}"


@pikku_middleware
async def sign_in(next: Next, *, sessions: Sessions[Session]) -> Any:
    sessions.set(Session())
    return await next()


@pikku_permission
def yes() -> bool:
    return True


@pikku_permission
def no() -> bool:
    return False


def test_base_paths_tags_scopes_middleware_and_permissions_accumulate() -> None:
    group = define_http_routes(
        base_path="/articles",
        tags=["articles", "api"],
        scopes=["read"],
        middleware=[inner],
        permissions=[yes],
        routes=[http_route(method="get", route="/{slug}", func=hello, tags=["one"], query=["q"])],
    )
    (wiring,) = wire_http_routes(
        base_path="/api",
        tags=["api"],
        scopes=["api"],
        auth=True,
        middleware=[outer],
        permissions={"a": no, "b": yes},
        routes=[group],
    )
    assert wiring == wire_http(
        method="get",
        route="/api/articles/{slug}",
        func=hello,
        query=["q"],
        tags=["api", "articles", "one"],
        scopes=["api", "read"],
        auth=True,
        middleware=[outer, inner],
        permissions={"a": [no, yes], "b": [yes, yes]},
    )


async def test_an_app_takes_groups_beside_wirings(serve: Serve) -> None:
    group = wire_http_routes(
        base_path="/api",
        middleware=[outer],
        routes=[
            http_route(method="get", route="", func=hello),
            http_route(method="get", route="/in", func=hello, middleware=[inner]),
        ],
    )
    async with serve(wire_http(method="get", route="/", func=hello), group) as http:
        assert (await http.get("/")).json() == "hello"
        assert (await http.get("/api")).json() == "outer hello"
        assert (await http.get("/api/in")).json() == "outer inner hello"


async def test_permissions_and_auth_of_a_group_hold_for_its_routes(serve: Serve) -> None:
    route = http_route(method="get", route="/", func=hello)
    shut = wire_http_routes(base_path="/shut", permissions=[no], routes=[route])
    asks = wire_http_routes(base_path="/asks", auth=True, routes=[route])
    known = wire_http_routes(base_path="/known", auth=True, middleware=[sign_in], routes=[route])
    async with serve(shut, asks, known) as http:
        answers = [await http.get(f"/{path}/") for path in ("shut", "asks", "known")]
        assert [each.status_code for each in answers] == [403, 401, 200]


def test_one_group_can_be_wired_twice() -> None:
    group = define_http_routes(routes=[http_route(method="get", route="/x", func=hello)])
    wirings = wire_http_routes(
        routes=[define_http_routes(base_path=path, routes=[group]) for path in ("/v1", "/v2")]
    )
    assert [each.id for each in wirings] == ["http:get:/v1/x", "http:get:/v2/x"]


def test_a_route_cannot_do_without_the_session_of_its_group() -> None:
    route = http_route(method="get", route="/x", func=hello, auth=False)
    assert wire_http_routes(routes=[route])[0].auth is False
    with pytest.raises(DeclarationError, match='"auth=False" cannot open "/x"'):
        wire_http_routes(auth=True, routes=[route])


@pytest.mark.parametrize("base_path", ["api", "/api/", "/", "/{rest:path}", "/a b"])
def test_a_base_path_that_is_none_is_refused(base_path: str) -> None:
    with pytest.raises(DeclarationError, match="base path"):
        define_http_routes(base_path=base_path, routes=[])


def test_a_route_has_the_options_of_wire_http() -> None:
    assert inspect.signature(http_route).parameters == inspect.signature(wire_http).parameters
    with pytest.raises(TypeError, match="rout"):
        http_route(method="get", rout="/", func=hello)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- what a test is for
    route: Any = wire_http(method="get", route="/", func=hello)
    with pytest.raises(DeclarationError, match="http_route"):
        define_http_routes(routes=[route])


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        (None, [no], [no]),
        ([no], None, [no]),
        ([yes], [no], [yes, no]),
        ({}, [no], [no]),
        ({"a": yes}, [no], {"a": [yes, no]}),
        ({"a": yes, "b": [no]}, {"c": [yes]}, {"a and c": [yes, yes], "b and c": [no, yes]}),
    ],
)
def test_all_groups_of_permissions_hold(
    first: PermissionGroup | None, second: PermissionGroup | None, both: PermissionGroup
) -> None:
    assert joined_permissions(first, second) == both
