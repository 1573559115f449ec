"""What routes are chosen by."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from pikku_core.plugin.loader import registry_of
from pikku_core.plugin.model import WiringModel
from pikku_core.scan import scan
from pikku_core.select import FilterError, select
from pikku_core.settings import Settings
from pikku_http import plugin

if TYPE_CHECKING:
    from pikku_core.plugin import Project

SOURCE = """
    from pikku_core import pikku_middleware, pikku_sessionless_func
    from pikku_http import http_errors, http_middleware, wire_http

    @pikku_middleware
    async def logged(next): ...

    def render(report): ...

    @pikku_sessionless_func
    async def users(): ...

    @pikku_sessionless_func
    async def ban(): ...

    @pikku_sessionless_func
    async def home(): ...

    @pikku_sessionless_func
    async def internal(): ...

    http_errors(render)
    http_middleware("/admin/*", [logged])
    http_middleware("*", [logged])
    wire_http(method="get", route="/admin/users", func=users)
    wire_http(method="post", route="/admin/users/{id}/ban", func=ban)
    wire_http(method="get", route="/administration", func=home)
    wire_http(method="get", route="/", func=home)
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/__init__.py").touch()
    (tmp_path / "app/wirings.py").write_text(dedent(SOURCE).lstrip())
    found = scan(tmp_path, Settings(root=tmp_path), registry_of(plugin))
    assert not found.diagnostics
    return found


def kept(project: Project, **filters: str) -> Project:
    """What filters leave; a flag is written with underscores."""
    chosen = {flag.replace("_", "-"): (pattern,) for flag, pattern in filters.items()}
    settings = Settings(root=Path("/"))
    return select(project, chosen, registry=registry_of(plugin), settings=settings)


def routes(project: Project) -> list[str]:
    return [f"{wiring.meta['method']} {wiring.meta['route']}" for wiring in project.wirings]


def declared(project: Project) -> list[str]:
    return [each.id for each in project.declarations if not isinstance(each, WiringModel)]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("/admin", ["get /admin/users", "post /admin/users/{id}/ban"]),
        ("/admin/", ["get /admin/users", "post /admin/users/{id}/ban"]),
        ("/admin/users/{id}", ["post /admin/users/{id}/ban"]),
        ("/admin*", ["get /admin/users", "get /administration", "post /admin/users/{id}/ban"]),
        ("*/ban", ["post /admin/users/{id}/ban"]),
        ("/", ["get /", "get /admin/users", "get /administration", "post /admin/users/{id}/ban"]),
    ],
)
def test_a_route_means_those_below_it_too(project: Project, pattern: str, found: list[str]) -> None:
    assert routes(kept(project, http_routes=pattern)) == found


@pytest.mark.parametrize("method", ["POST", "post", "Post", "po*"])
def test_a_method_is_written_in_any_case(project: Project, method: str) -> None:
    assert routes(kept(project, http_methods=method)) == ["post /admin/users/{id}/ban"]


def test_an_unknown_method_is_refused_with_those_that_there_are(project: Project) -> None:
    with pytest.raises(FilterError, match='did you mean "post"'):
        kept(project, http_methods="pots")


def test_routes_and_methods_can_be_excluded(project: Project) -> None:
    assert routes(kept(project, exclude_http_routes="/admin", exclude_names="internal")) == [
        "get /",
        "get /administration",
    ]
    assert len(routes(kept(project, exclude_http_methods="GET"))) == 1


def test_functions_that_are_called_by_name_are_not_chosen_by_routes(project: Project) -> None:
    assert list(kept(project, http_routes="/").functions) == ["ban", "home", "users"]


def test_hook_wiring_kinds_concerns_keeps_middleware_of_the_routes_that_are_left(
    project: Project,
) -> None:
    assert declared(kept(project, http_routes="/administration")) == [
        "http:errors",
        "http:middleware:*",
    ]
    assert declared(kept(project, http_routes="/admin")) == [
        "http:errors",
        "http:middleware:*",
        "http:middleware:/admin/*",
    ]


def test_nothing_of_http_is_left_without_routes(project: Project) -> None:
    assert declared(kept(project, names="internal")) == []


MOUNTED = """
    from pikku_core import pikku_sessionless_func
    from pikku_http import http_mount, http_static, wire_http

    async def legacy(scope, receive, send): ...

    @pikku_sessionless_func
    async def users(): ...

    wire_http(method="get", route="/users", func=users)
    http_mount("/legacy", legacy, tags=["old:shop"])
    http_static("/assets", directory="app")
    http_static("/", directory="app", fallback="wirings.py")
"""
LEGACY, ASSETS, ROOT = "http:mount:/legacy", "http:static:/assets", "http:static:/"
USERS = "http:get:/users"


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({}, {LEGACY, ASSETS, ROOT, USERS}),
        ({"http-routes": ("/legacy",)}, {LEGACY}),
        ({"http-routes": ("/legacy/*", "/users")}, {USERS}),
        ({"http-routes": ("/users", "/")}, {LEGACY, ASSETS, ROOT, USERS}),
        ({"exclude-http-routes": ("/legacy", "/assets")}, {ROOT, USERS}),
        ({"tags": ("old",)}, {LEGACY}),
        ({"exclude-tags": ("old",)}, {ASSETS, ROOT, USERS}),
        ({"names": ("mount:/legacy",)}, {LEGACY}),
        ({"names": ("users",)}, {USERS}),
        ({"wires": ("http",)}, {LEGACY, ASSETS, ROOT, USERS}),
        ({"directories": ("app",)}, {LEGACY, ASSETS, ROOT, USERS}),
        ({"http-methods": ("get",)}, {LEGACY, ASSETS, ROOT, USERS}),
        ({"http-methods": ("get",), "exclude-names": ("static:*",)}, {LEGACY, USERS}),
    ],
)
def test_what_is_mounted_is_chosen_like_a_wiring(
    filters: dict[str, tuple[str, ...]], left: set[str], tmp_path: Path
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/__init__.py").touch()
    (tmp_path / "app/wirings.py").write_text(dedent(MOUNTED).lstrip())
    registry, settings = registry_of(plugin), Settings(root=tmp_path)
    part = select(scan(tmp_path, settings, registry), filters, registry=registry, settings=settings)
    assert {one.id for one in part.declarations if one.kind == "http"} == left


def test_a_mount_that_matches_nothing_is_named_with_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/__init__.py").touch()
    (tmp_path / "app/wirings.py").write_text(dedent(MOUNTED).lstrip())
    registry, settings = registry_of(plugin), Settings(root=tmp_path)
    project = scan(tmp_path, settings, registry)
    with pytest.raises(FilterError, match='did you mean "/legacy"'):
        select(project, {"http-routes": ("/legac",)}, registry=registry, settings=settings)
