"""`pikku info` on a project with a transport, and on a part of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project

GUARDS = """
from pikku_core import pikku_middleware, pikku_permission
from pikku_http import http_middleware


@pikku_middleware
async def timing(next): ...


@pikku_permission
async def is_admin() -> bool: ...


http_middleware("/g*", [timing])
"""


def test_a_pattern_is_around_the_routes_that_it_matches(project: Project) -> None:
    project.write(guards=GUARDS)
    (found,) = json.loads(project.run("info", "middleware", "--json").stdout)["middleware"]
    assert found["around"] == {"http:get:/greet": ["pattern /g*"]}


def test_of_what_stands_outside_of_middleware_the_longest_pattern_is_shown(
    project: Project,
) -> None:
    project.write(
        layers="""
from pikku_http import http_cors

http_cors(origins=["*"])
http_cors("/greet", origins=["https://app.example"])
"""
    )
    found = json.loads(project.run("info", "middleware", "--json").stdout)["middleware"]
    assert [one["key"] for one in found] == ["http_cors", "http_cors"]
    one, everything = sorted(found, key=lambda each: len(each["around"]))
    assert one["around"] == {"http:get:/greet": ["pattern /greet"]}
    assert everything["around"]["http:get:/forever"] == ["pattern *"]
    assert "http:get:/greet" not in everything["around"]


def test_the_gates_of_a_wiring_stand_beside_those_of_its_function(project: Project) -> None:
    project.write(guards=GUARDS)
    project.replace("wirings", "func=greet", "func=greet, auth=True, permissions=[is_admin]")
    project.replace("wirings", "from app", "from app.guards import is_admin\nfrom app")
    ways = json.loads(project.run("info", "permissions", "--json").stdout)["permissions"]
    wired, exposed = (one for one in ways if one["function"] == "greet")
    assert (wired["id"], exposed["id"]) == ("http:get:/greet", "http:post:/rpc/greet")
    assert (wired["session_by"], exposed["session_by"]) == (["wiring"], [])
    assert [one["level"] for one in wired["permissions"]] == ["wiring"]
    assert exposed["permissions"] == []


def test_filters_leave_a_part(project: Project) -> None:
    facts = json.loads(project.run("info", "--json", "--http-routes", "/forever").stdout)
    assert [one["id"] for one in facts["functions"]] == ["forever"]
    assert [one["id"] for one in facts["permissions"]] == ["http:get:/forever"]
    nothing = project.run("info", "--names", "nowhere")
    assert nothing.returncode == 2
    assert "nowhere" in nothing.stderr
