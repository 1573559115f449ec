from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core import DeclarationError, pikku_sessionless_func
from pikku_http import ErrorReport, HttpMiddleware, http_errors, http_middleware, wire_http
from pikku_http.http.wiring import pattern_regex


@pikku_sessionless_func
async def hello() -> str:
    return "hello"


def test_wiring_returns_a_declaration_and_touches_nothing() -> None:
    wiring = wire_http(method="get", route="/hello", func=hello, tags=["greeting"], summary="Hi")
    assert wiring.id == "http:get:/hello"
    assert (wiring.func, wiring.tags, wiring.summary) == (hello, ("greeting",), "Hi")


def test_a_wiring_is_frozen() -> None:
    wiring = wire_http(method="get", route="/hello", func=hello)
    with pytest.raises(FrozenInstanceError):
        setattr(wiring, "route", "/other")  # noqa: B010 - a checker would not let it be assigned


def test_equal_calls_are_equal() -> None:
    assert wire_http(method="get", route="/", func=hello) == wire_http(
        method="get", route="/", func=hello
    )


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"method": "GET"}, 'write "get"'),
        ({"method": "fetch"}, 'The method "fetch"'),
        ({"route": "hello"}, 'must begin with "/"'),
        ({"route": "/{id}", "query": ["id"]}, 'in "query" and in the route'),
        ({"query": ["a", "a"]}, 'twice in "query"'),
        ({"query": "page"}, 'must be a list of names: ["page"]'),
        ({"tags": "admin"}, 'The option "tags" must be a list of names: ["admin"]'),
        ({"scopes": "admin"}, 'The option "scopes" must be a list of names'),
        ({"status": 404}, "The status 404"),
        ({"status": 302}, 'return a "Redirect"'),
        ({"status": 206}, "The status 206"),
    ],
)
def test_an_option_that_cannot_be_honoured_is_refused(options: dict[str, Any], says: str) -> None:
    given: dict[str, Any] = {"method": "get", "route": "/hello", **options}
    with pytest.raises(DeclarationError) as refused:
        wire_http(func=hello, **given)
    assert says in str(refused.value)


def test_errors_are_rendered_by_a_plain_function() -> None:
    async def render(report: ErrorReport) -> str:
        return report.message

    with pytest.raises(DeclarationError, match='render" of "http_errors" is async'):
        http_errors(render)


def test_a_pattern_must_begin_where_routes_do() -> None:
    with pytest.raises(DeclarationError, match='The pattern "admin/'):
        http_middleware("admin/*", [])


def test_middleware_is_declared_for_a_pattern() -> None:
    assert http_middleware("/admin/*", []) == HttpMiddleware(pattern="/admin/*", middleware=())


@pytest.mark.parametrize(
    ("pattern", "route", "matches"),
    [
        ("/admin/*", "/admin/users/{id}", True),
        ("/admin/*", "/admin", False),
        ("/admin/*", "/admins/x", False),
        ("*", "/anything/at/all", True),
        ("/users", "/users", True),
        ("/users", "/users/{id}", False),
        ("/*/edit", "/posts/{id}/edit", True),
        ("/a.b", "/aXb", False),
    ],
)
def test_a_star_stands_for_any_run_of_characters(pattern: str, route: str, matches: bool) -> None:
    assert bool(pattern_regex(pattern).fullmatch(route)) is matches


def slowly_matches(pattern: str, text: str) -> bool:
    """What a star means, letter by letter."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(slowly_matches(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return text[:1] == pattern[0] and slowly_matches(pattern[1:], text[1:])


@given(
    pattern=st.text("ab/*.", max_size=8).filter(lambda one: one.count("*") < 5),
    path=st.text("ab/.\n", max_size=10),
)
def test_however_many_stars_there_are_a_pattern_means_the_same(pattern: str, path: str) -> None:
    assert bool(pattern_regex(pattern).fullmatch(path)) is slowly_matches(pattern, path)


def test_no_path_takes_a_pattern_of_many_stars_long() -> None:
    path = "/items/" * 4600
    assert not pattern_regex("/*/items/*/items/*/items/*/x").fullmatch(path)
    assert pattern_regex("/*/items/*/items/*/items/*/x").fullmatch(f"/{path}/x")


def test_a_function_where_a_list_of_functions_belongs_is_refused() -> None:
    one: Any = hello
    message = re.escape('The option "middleware" must be a list of functions: [hello].')
    with pytest.raises(DeclarationError, match=message):
        wire_http(method="get", route="/", func=hello, middleware=one)
    with pytest.raises(DeclarationError, match=message):
        http_middleware("/*", one)
    with pytest.raises(DeclarationError, match='"permissions" must be a list'):
        wire_http(method="get", route="/", func=hello, permissions=one)
