"""What `pikku info permissions` says holds is what a running application asks for, on every way in."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import PikkuError

if TYPE_CHECKING:
    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

VERDICTS = {"app.session:yes": True, "app.session:no": False}
SESSIONS: dict[str, dict[str, Any] | None] = {
    "nobody": None,
    "plain": {},
    "writer": {"scopes": ["write"]},
    "reader": {"scopes": ["write"], "readonly": True},
}
SESSION = """
    from typing import Any

    from pikku_core import Next, Sessions, pikku_middleware, pikku_permission, pikku_session
    from pikku_http import Http
    from pydantic import BaseModel

    @pikku_session
    class Session(BaseModel):
        scopes: list[str] = []
        readonly: bool = False

    @pikku_middleware
    async def sign_in(next: Next, *, sessions: Sessions[Session], http: Http | None = None) -> Any:
        text = None if http is None else http.header("x-session")
        if text is not None:
            sessions.set(Session.model_validate_json(text))
        return await next()

    @pikku_permission
    async def yes() -> bool:
        return True

    @pikku_permission
    def no() -> bool:
        return False
    """
DECLARED = """
http_middleware("/*", [sign_in])
global_permissions({"first": no, "second": [yes, yes]})
tag_permissions("open", [yes])
tag_permissions("shut", {"first": [yes, no]})
http_permissions("/shut/*", {"first": no, "second": [yes, no]})
http_permissions("/*/grouped/*", [yes])
http_permissions("/rpc/*1", [no])
"""
WIRE = (
    "define_http_routes, http_middleware, http_permissions, http_route, wire_http, wire_http_routes"
)
GROUPED = """
inner = define_http_routes(
    base_path="/grouped", scopes=["write"], permissions={"a": no, "b": yes}, routes=[ROUTES]
)
wire_http_routes(base_path="/open", permissions=[yes], routes=[inner])
wire_http_routes(base_path="/shut", auth=True, permissions={"c": yes}, routes=[inner])
wire_http_routes(base_path="/other", permissions={"c": [yes, no], "d": no}, routes=[inner])
"""
MARKS = ("pikku_func", "pikku_sessionless_func")
OPTIONS = ("", 'scopes=["write"]', "readonly=True", "permissions=[yes]", 'permissions={"a": no}')
WIRED = ("", "auth=True", 'scopes=["write"]', 'permissions={"a": no, "b": yes}', "permissions=[no]")
FUNCTIONS = [
    (mark, option)
    for mark, option in product(MARKS, OPTIONS)
    if mark == "pikku_func" or "scopes" not in option  # which ask for a session
]
IN_GROUPS = 20
"""How many routes stand in each of three groups too."""
TAGS = ("", "open", "open:inner", "shut:inner")


@pytest.fixture(scope="module")
def project(shared_project_of: ProjectOf) -> Project:
    functions = ["from app.session import no, yes", f"from pikku_core import {', '.join(MARKS)}"]
    wirings = [
        "from app import functions",
        "from app.session import no, sign_in, yes",
        "from pikku_core import global_permissions, tag_permissions",
        f"from pikku_http import {WIRE}{DECLARED}",
    ]
    grouped: list[str] = []
    cases = product(FUNCTIONS, WIRED, TAGS)
    for number, ((mark, option), wired, tag) in enumerate(cases):
        tags = [f'tags=["{tag}"]'] if tag else []
        # Every other tag is the function's, the rest are the wiring's.
        own = [*filter(None, [option]), *(tags if number % 2 else []), "expose=True"]
        ways = [*filter(None, [wired]), *([] if number % 2 else tags)]
        functions.append(
            f'@{mark}({", ".join(own)})\nasync def f{number}() -> str:\n    return "ok"\n'
        )
        route = f'method="get", route="/{number}", func=functions.f{number}'
        wirings.append(f"wire_http({', '.join([route, *ways])})")
        if number < IN_GROUPS:
            grouped.append(f"http_route({', '.join([route, *ways])})")
    wirings.append(GROUPED.replace("ROUTES", ", ".join(grouped)))
    files = {
        "app/session.py": SESSION,
        "app/functions.py": "\n".join(functions),
        "app/wirings.py": "\n".join(wirings),
    }
    return shared_project_of(files)


@pytest.fixture(scope="module")
def ways(project: Project) -> list[dict[str, Any]]:
    """What the tool says of each way in."""
    done = subprocess.run(
        [sys.executable, "-m", "pikku_cli", "info", "permissions", "--json"],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)["permissions"]
    return found


def status(way: dict[str, Any], session: dict[str, Any] | None) -> int:
    """What the answer must be if all that the tool says holds, and nothing else does."""
    if session is None:
        if way["session"]:
            return 401
    elif (session.get("readonly") and not way["readonly"]) or not set(way["scopes"]) <= set(
        session.get("scopes", ())
    ):
        return 403
    passes = all(
        any(all(VERDICTS[key] for key in keys) for keys in group["alternatives"])
        for group in way["permissions"]
    )
    return 200 if passes else 403


def test_each_wiring_and_each_exposed_function_is_a_way_in(ways: list[dict[str, Any]]) -> None:
    count = len(FUNCTIONS) * len(WIRED) * len(TAGS)
    ids = {way["id"] for way in ways}
    assert len(ids) == len(ways) == 2 * count + 3 * IN_GROUPS
    assert {"http:get:/0", "http:post:/rpc/f0", "http:get:/shut/grouped/0"} <= ids
    levels = {group["level"] for way in ways for group in way["permissions"]}
    assert levels == {"global", "pattern", "tag", "wiring", "function"}


@pytest.mark.parametrize("session", SESSIONS)
async def test_a_request_passes_exactly_where_the_tool_says_so(
    session: str, project: Project, ways: list[dict[str, Any]]
) -> None:
    given = SESSIONS[session]
    headers = {} if given is None else {"x-session": json.dumps(given)}
    wrong: list[tuple[dict[str, Any], int]] = []
    answers: set[int] = set()
    async with project.serve() as client:
        for way in ways:
            _, method, path = way["id"].split(":")
            answer = await client.request(method.upper(), path, headers=headers)
            answers.add(answer.status_code)
            if answer.status_code != status(way, given):
                wrong.append((way, answer.status_code))
    assert wrong == []
    assert {200, 403} <= answers


@pytest.mark.parametrize("session", SESSIONS)
async def test_a_call_by_name_passes_exactly_where_the_tool_says_so(
    session: str, project: Project, ways: list[dict[str, Any]]
) -> None:
    given = SESSIONS[session]
    wrong: list[tuple[dict[str, Any], int]] = []
    async with project.load() as app:
        make = importlib.import_module("app.session").Session
        for way in ways:
            if way["id"].startswith("http:post:/rpc/"):
                try:
                    await app.invoke(
                        way["function"], session=None if given is None else make(**given)
                    )
                    found = 200
                except PikkuError as error:
                    found = error.status
                # Patterns of routes are not for who comes without a route.
                asked = [group for group in way["permissions"] if group["level"] != "pattern"]
                if found != status(way | {"permissions": asked}, given):
                    wrong.append((way, found))
    assert wrong == []
