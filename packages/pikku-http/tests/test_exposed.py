"""Functions that are exposed, called by their name."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    DeclarationError,
    Next,
    Sessions,
    pikku_func,
    pikku_middleware,
    pikku_session,
    pikku_sessionless_func,
)
from pikku_core.plugin.loader import registry_of
from pikku_core.scan import scan
from pikku_core.select import select
from pikku_core.settings import Settings
from pikku_http import http_middleware, plugin, wire_http
from pikku_http.http.exposed import prefix_problem, routes_of
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from pikku_core.plugin import Project

pytestmark = pytest.mark.anyio


class Name(BaseModel):
    name: str


@pikku_session
class Session(BaseModel):
    user_id: str = "ada"


@pikku_sessionless_func(expose=True)
async def greet(data: Name) -> str:
    return f"Hello, {data.name}!"


@pikku_func(expose=True)
async def whoami(*, session: Session) -> str:
    return session.user_id


@pikku_sessionless_func
async def hidden() -> str:
    return "secret"


@pikku_middleware
async def sign_in(next: Next, *, sessions: Sessions[Session]) -> Any:
    sessions.set(Session())
    return await next()


async def test_an_exposed_function_answers_its_name() -> None:
    async with App(functions=[greet]) as app, client_of(app, rpc="/rpc") as http:
        answer = await http.post("/rpc/greet", json={"name": "Ada"})
        assert (answer.status_code, answer.json()) == (200, "Hello, Ada!")
        assert (await http.post("/rpc/greet", json={})).status_code == 422
        assert (await http.get("/rpc/greet")).status_code == 405


async def test_a_hidden_function_cannot_be_told_from_none_at_all() -> None:
    async with App(functions=[greet, hidden]) as app, client_of(app, rpc="/rpc") as http:
        same = {"x-request-id": "same"}
        found = await http.post("/rpc/hidden", json={}, headers=same)
        unknown = await http.post("/rpc/unknown", json={}, headers=same)
        assert found.status_code == unknown.status_code == 404
        assert (found.content, found.headers) == (unknown.content, unknown.headers)


async def test_it_asks_for_a_session_and_middleware_of_a_pattern_may_bring_one() -> None:
    async with App(functions=[whoami]) as app, client_of(app, rpc="/rpc") as http:
        assert (await http.post("/rpc/whoami")).status_code == 401
    signed = App([http_middleware("/rpc/*", [sign_in])], functions=[whoami])
    async with signed as app, client_of(app, rpc="/rpc") as http:
        assert (await http.post("/rpc/whoami")).json() == "ada"


async def test_without_a_prefix_nothing_answers() -> None:
    async with App(functions=[greet]) as app, client_of(app) as http:
        assert (await http.post("/rpc/greet", json={"name": "Ada"})).status_code == 404


async def test_a_prefix_must_be_a_path() -> None:
    async with App(functions=[greet]) as app:
        with pytest.raises(DeclarationError, match='"rpc" must be empty or a path'):
            async with client_of(app, rpc="rpc"):
                pass


async def test_a_route_at_the_same_path_is_refused() -> None:
    other = wire_http(method="post", route="/rpc/greet", func=hidden)
    async with App([other], functions=[greet]) as app:
        with pytest.raises(DeclarationError, match="is wired, and"):
            async with client_of(app, rpc="/rpc"):
                pass


@pytest.mark.parametrize("prefix", ["rpc", "/rpc/", "/", "/{x}", "/a b", "//"])
def test_a_prefix_that_is_no_path_is_told(prefix: str) -> None:
    assert prefix in prefix_problem(prefix)


@pytest.mark.parametrize("prefix", ["", "/rpc", "/api/call"])
def test_a_prefix_is_a_path_or_empty(prefix: str) -> None:
    assert prefix_problem(prefix) == ""


def test_the_name_without_a_version_means_the_newest_unless_that_is_hidden() -> None:
    versions = ["card@v1", "card@v2"]
    both = dict(routes_of(versions, versions, "/rpc"))
    assert both["/rpc/card"] == "card@v2"
    assert set(dict(routes_of(["card@v1"], versions, "/rpc"))) == {"/rpc/card@v1"}


SOURCE = """
    from pikku_core import pikku_middleware, pikku_sessionless_func
    from pikku_http import http_middleware, wire_http

    @pikku_middleware
    async def logged(next): ...

    @pikku_sessionless_func(expose=True)
    async def both(): ...

    @pikku_sessionless_func(expose=True)
    async def named(): ...

    @pikku_sessionless_func
    async def home(): ...

    http_middleware("/rpc/*", [logged])
    wire_http(method="get", route="/both", func=both)
    wire_http(method="get", route="/", func=home)
"""


def scanned(folder: Path, source: str, **http: str) -> Project:
    (folder / "app").mkdir()
    (folder / "app/__init__.py").touch()
    (folder / "app/wirings.py").write_text(dedent(source).lstrip())
    return scan(folder, Settings(root=folder, plugins={"http": http}), registry_of(plugin))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return scanned(tmp_path, SOURCE)


def kept(project: Project, **filters: str) -> set[str]:
    chosen = {flag.replace("_", "-"): (pattern,) for flag, pattern in filters.items()}
    left = select(project, chosen, registry=registry_of(plugin), settings=Settings(root=Path("/")))
    return {each.id for each in left.declarations}


EXPOSED = {"http:post:/rpc/both", "http:post:/rpc/named"}


def test_each_has_a_wiring_at_the_place_of_the_function(project: Project) -> None:
    implied = {each.id: each for each in project.wirings if each.implied}
    assert set(implied) == EXPOSED
    assert [each.location.line for each in implied.values()] == [8, 11]
    assert set(implied) <= {each.id for each in project.declarations}


def test_filters_choose_them_as_the_wire_rpc(project: Project) -> None:
    assert kept(project, wires="rpc") == EXPOSED | {"http:middleware:/rpc/*"}
    assert kept(project, wires="http") == {"http:get:/both", "http:get:/"}
    assert kept(project, exclude_wires="rpc") == {"http:get:/both", "http:get:/"}


def test_filters_choose_them_one_by_one(project: Project) -> None:
    assert kept(project, names="named") == {"http:post:/rpc/named", "http:middleware:/rpc/*"}
    assert kept(project, names="rpc:both") == {"http:post:/rpc/both", "http:middleware:/rpc/*"}
    assert kept(project, http_routes="/rpc/both") == {
        "http:post:/rpc/both",
        "http:middleware:/rpc/*",
    }
    assert kept(project, http_methods="get") == {"http:get:/both", "http:get:/"}


def test_the_setting_moves_them_and_turns_them_off(tmp_path: Path) -> None:
    for name, prefix, found in (
        ("moved", "/api/call", {"http:post:/api/call/both", "http:post:/api/call/named"}),
        ("off", "", set[str]()),
    ):
        (tmp_path / name).mkdir()
        project = scanned(tmp_path / name, SOURCE, rpc=prefix)
        assert {each.id for each in project.wirings if each.implied} == found


def test_a_project_that_does_not_use_http_has_none(tmp_path: Path) -> None:
    source = SOURCE.partition("http_middleware(")[0]
    assert scanned(tmp_path, source).wirings == ()


def test_a_route_at_the_same_path_is_a_diagnostic_at_its_place(tmp_path: Path) -> None:
    wired = '    wire_http(method="post", route="/rpc/both", func=home)\n'
    found = scanned(tmp_path, SOURCE + wired).diagnostics
    assert [(each.code, str(each.location)) for each in found] == [("PKU726", "app/wirings.py:19")]
    assert [str(each) for each in found[0].related] == ["app/wirings.py:8"]
