"""Groups of routes as the scan reads them: one wiring for each route."""

from __future__ import annotations

import shutil
from itertools import count
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pikku_core.build.check_runtime import runtime_differences
from pikku_core.plugin.expression import Shared
from pikku_core.plugin.loader import registry_of
from pikku_core.plugin.spelling import walk
from pikku_core.scan import scan
from pikku_core.select import select
from pikku_core.settings import Settings
from pikku_http import plugin

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from pikku_core.plugin import Project

FUNCTIONS = """
from pikku_core import pikku_func, pikku_middleware, pikku_permission, pikku_sessionless_func

@pikku_sessionless_func
async def one() -> str:
    return "1"

@pikku_func
async def two() -> str:
    return "2"

@pikku_middleware
async def log(next):
    return await next()

def limit(number):
    @pikku_middleware
    async def check(next):
        return number and await next()
    return check

@pikku_permission
def yes() -> bool:
    return True

@pikku_permission
def no() -> bool:
    return False

ALTERNATIVES = {"a": yes, "b": [yes, no]}
LAYERS = [log]
"""
ARTICLES = """
    from app.functions import log, no, one, two
    from pikku_http import define_http_routes, http_route

    PATH = "/articles"
    article = http_route(method="get", route="/{slug}", func=two, tags=["own"])
    articles = define_http_routes(
        base_path=PATH,
        tags=["articles"],
        middleware=[log],
        routes=[
            http_route(method="get", route="", func=one),
            article,
        ],
    )
"""
WIRINGS = """
    from app.articles import articles
    from app.functions import ALTERNATIVES, limit, no, one
    from pikku_http import http_route, wire_http_routes

    limiter = limit(3)
    wire_http_routes(
        base_path="/api",
        permissions=ALTERNATIVES,
        middleware=[limiter],
        routes=[
            articles,
            http_route(
                method="post",
                route="/one",
                func=one,
                auth=True,
                permissions=[no],
            ),
        ],
    )
"""


def scanned(folder: Path, wirings: str, articles: str = ARTICLES) -> Project:
    (folder / "app").mkdir(parents=True)
    (folder / "app/__init__.py").touch()
    (folder / "app/functions.py").write_text(FUNCTIONS)
    (folder / "app/articles.py").write_text(dedent(articles).lstrip())
    (folder / "app/wirings.py").write_text(dedent(wirings).lstrip())
    return scan(folder, Settings(root=folder), registry_of(plugin))


def problems(project: Project) -> list[tuple[str, str]]:
    return [(each.code, str(each.location)) for each in project.diagnostics]


def differences(project: Project, folder: Path) -> list[str]:
    found = runtime_differences(project, folder, registry=registry_of(plugin), paths=[str(folder)])
    return [str(each) for each in found]


def test_each_route_is_a_wiring_at_its_own_place_with_all_that_groups_say(tmp_path: Path) -> None:
    project = scanned(tmp_path, WIRINGS)
    assert problems(project) == []
    found = {each.id: each for each in project.wirings}
    assert {key: str(each.location) for key, each in found.items()} == {
        "http:get:/api/articles": "app/articles.py:11",
        "http:get:/api/articles/{slug}": "app/articles.py:5",
        "http:post:/api/one": "app/wirings.py:12",
    }
    slug, one = found["http:get:/api/articles/{slug}"], found["http:post:/api/one"]
    assert (slug.tags, slug.auth, one.auth) == (("articles", "own"), None, True)
    assert slug.middleware == ("app.functions:limit.<locals>.check", "app.functions:log")
    yes, no = "app.functions:yes", "app.functions:no"
    assert slug.alternatives == ((yes,), (yes, no))
    assert one.alternatives == ((yes, no), (yes, no))


def test_what_is_generated_is_what_importing_declares(tmp_path: Path) -> None:
    assert differences(scanned(tmp_path, WIRINGS), tmp_path) == []


def test_filters_choose_route_by_route(tmp_path: Path) -> None:
    project = scanned(tmp_path, WIRINGS)
    for filters, left in (
        ({"http-routes": ("/api/articles/{slug}",)}, ["http:get:/api/articles/{slug}"]),
        ({"http-methods": ("post",)}, ["http:post:/api/one"]),
        ({"tags": ("own",)}, ["http:get:/api/articles/{slug}"]),
        ({"exclude-tags": ("articles",)}, ["http:post:/api/one"]),
    ):
        part = select(
            project, filters, registry=registry_of(plugin), settings=Settings(root=tmp_path)
        )
        assert [each.id for each in part.wirings] == left


def test_what_is_made_in_a_group_is_made_once_for_its_routes(tmp_path: Path) -> None:
    project = scanned(
        tmp_path,
        f"from app.functions import limit\n{HEAD}wire_http_routes(middleware=[limit(1)], routes=["
        '{ROUTE}, http_route(method="post", route="/x", func=one)])\n'.replace("{ROUTE}", ROUTE),
    )
    first, second = (dict(each.call.keywords)["middleware"] for each in project.wirings)
    assert first == second
    assert any(isinstance(part, Shared) for part in walk(first))
    assert differences(project, tmp_path) == []


ROUTE = 'http_route(method="get", route="/x", func=one)'
HEAD = "from app.functions import one, two\nfrom pikku_http import define_http_routes, http_route, wire_http_routes\n"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("wire_http_routes(routes=[\n  one,\n])", [("PKU795", "app/wirings.py:4")]),
        (f"wire_http_routes(routes=[{ROUTE} for _ in (1, 2)])", [("PKU711", "app/wirings.py:3")]),
        (
            f"x = [{ROUTE}]\nx.append(1)\nwire_http_routes(routes=x)",
            [("PKU716", "app/wirings.py:5")],
        ),
        ("wire_http_routes(\n  base_path='x/',\n  routes=[],\n)", [("PKU796", "app/wirings.py:4")]),
        ("wire_http_routes(tags=[])", [("PKU111", "app/wirings.py:3")]),
        (
            (
                "wire_http_routes(auth=True, routes=[\n"
                '  http_route(method="get", route="/x", func=one, auth=False),\n'
                "  define_http_routes(auth=False, routes=[]),\n])"
            ),
            [("PKU797", "app/wirings.py:4"), ("PKU797", "app/wirings.py:5")],
        ),
        (
            (
                "wire_http_routes(auth=False, routes=[\n"
                '  http_route(method="get", route="/x", func=two),\n])'
            ),
            [("PKU573", "app/wirings.py:4")],
        ),
        (
            (
                "wire_http_routes(routes=[\n"
                '  http_route(method="GET", route="/x", func=one),\n'
                '  http_route(method="get", route="x", func=one),\n'
                '  http_route(method="get", route="/y"),\n])'
            ),
            [
                ("PKU742", "app/wirings.py:4"),
                ("PKU741", "app/wirings.py:5"),
                ("PKU236", "app/wirings.py:6"),
            ],
        ),
        (
            'wire_http_routes(routes=[\n  http_route(method="get", route="/y", fun=one),\n])',
            [("PKU761", "app/wirings.py:4")],
        ),
        (
            f"wire_http_routes(routes=[\n  {ROUTE},\n  {ROUTE},\n])",
            [("PKU726", "app/wirings.py:5")],
        ),
    ],
)
def test_what_is_wrong_has_its_place(
    source: str, found: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert sorted(problems(scanned(tmp_path, HEAD + source + "\n")), key=str) == sorted(
        found, key=str
    )


def test_a_group_that_nothing_wires_declares_nothing(tmp_path: Path) -> None:
    project = scanned(tmp_path, "from app.articles import articles\n")
    assert (project.wirings, problems(project)) == ((), [])


class Writer:
    """Writes random groups, in one another, in two modules and under names."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._numbers = count()
        self.names: list[str] = []

    def group(self, call: str, depth: int) -> str:
        routes = [self._item(depth) for _ in range(self._random.randint(1, 3))]
        path = self._random.choice(["", f"/g{next(self._numbers)}", f"/{{p{next(self._numbers)}}}"])
        options = [f"base_path={path!r}", *self._options(), f"routes=[{', '.join(routes)}]"]
        return f"{call}({', '.join(options)})"

    def _item(self, depth: int) -> str:
        choice = self._random.random()
        if depth and choice < 0.4:
            return self.group("define_http_routes", depth - 1)
        if self.names and choice < 0.6:
            name = self.names.pop()
            return name if self._random.random() < 0.5 else f"*[{name}]"
        number = next(self._numbers)
        route = f"/r{number}/{{x{number}}}" if choice < 0.8 else f"/r{number}"
        options = [
            f'method="{self._random.choice(["get", "post"])}"',
            f"route={route!r}",
            f"func={self._random.choice(['one', 'two'])}",
            *self._options(),
        ]
        return f"http_route({', '.join(options)})"

    def _options(self) -> list[str]:
        choices = [
            ("auth", ["True", "None"]),
            ("tags", ["['a']", "('a', 'b')", "[]"]),
            ("scopes", ["['s']", "[]"]),
            ("middleware", ["[log]", "LAYERS", "[limiter, log]", "[limit(2)]", "[]"]),
            ("permissions", ["[yes]", "ALTERNATIVES", "{'c': no}", "None", "[yes, no]"]),
        ]
        return [
            f"{name}={self._random.choice(values)}"
            for name, values in choices
            if self._random.random() < 0.4
        ]


IMPORTS = """\
from app.functions import ALTERNATIVES, LAYERS, limit, log, no, one, two, yes
from pikku_http import define_http_routes, http_route, wire_http_routes
limiter = limit(1)
"""


@settings(max_examples=8, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_random_groups_declare_what_is_generated(
    random: Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    writer = Writer(random)
    first = [f"a{number} = {writer.group('define_http_routes', 1)}" for number in range(2)]
    second = f"b0 = {writer.group('define_http_routes', 1)}"
    writer.names = ["a0", "a1", "b0"]
    wired = writer.group("wire_http_routes", 3)
    folder = tmp_path_factory.mktemp("groups")
    project = scanned(
        folder,
        f"{IMPORTS}from app.articles import a0, a1\n{second}\n{wired}\n",
        IMPORTS + "\n".join(first) + "\n",
    )
    assert problems(project) == []
    assert project.wirings
    assert differences(project, folder) == []
    shutil.rmtree(folder)
