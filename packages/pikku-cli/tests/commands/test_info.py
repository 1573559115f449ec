"""`pikku info`: what a project is made of."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    Run = Callable[..., CompletedProcess[str]]

VIEWS = {
    "functions",
    "wirings",
    "services",
    "tags",
    "middleware",
    "permissions",
    "secrets",
    "variables",
}
GUARDED = """
from pikku_core import (
    define_secret, define_variable, global_middleware, global_permissions, pikku_func, pikku_middleware,
    pikku_permission, pikku_service, pikku_sessionless_func, tag_middleware, tag_permissions,
)
from pikku_app import Secrets, Variables


@pikku_middleware
async def timing(next, *, variables: Variables) -> None:
    variables.page_size


def limit(number):
    @pikku_middleware
    async def limited(next): ...

    return limited


@pikku_permission
async def is_admin() -> bool: ...


@pikku_permission
async def is_owner() -> bool: ...


@pikku_service
def vault(*, secrets: Secrets) -> str:
    return secrets.api_key.reveal()


@pikku_func(expose=True, tags=["admin:users"], scopes=["users"], readonly=True, permissions=[is_owner])
async def remove(*, vault: str) -> None: ...


@pikku_sessionless_func(expose=True, middleware=[limit(3)])
async def ping() -> None: ...


define_secret("api_key", str, description="Of the vault.")
define_variable("page_size", int, default=20)
global_middleware([timing])
global_permissions({"admin": is_admin, "owner": [is_owner, is_admin]})
tag_middleware("admin", [limit(1)])
tag_permissions("admin", [is_admin])
"""


def test_it_shows_functions_and_services_and_who_uses_them(
    pikku: Callable[..., CompletedProcess[str]],
) -> None:
    result = pikku("info")
    assert result.returncode == 0
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["Found", "2", "functions,", "1", "service."],
        ["Functions:"],
        ["Function", "Place", "Session", "Services", "Tags"],
        ["greet", "app/functions.py:10", "clock", "greeting"],
        ["leave", "app/functions.py:15", "session"],
        ["Services:"],
        ["Service", "Scope", "Place", "Used", "by"],
        ["clock", "singleton", "app/functions.py:5", "greet"],
    ]


def test_the_same_comes_as_json(pikku: Callable[..., CompletedProcess[str]]) -> None:
    facts = json.loads(pikku("info", "--json").stdout)
    assert facts["functions"][0] == {
        "id": "greet",
        "place": "app/functions.py:10",
        "needs_session": False,
        "exposed": False,
        "readonly": False,
        "scopes": [],
        "services": ["clock"],
        "tags": ["greeting"],
        "middleware": [],
        "permissions": [],
        "rpc": [],
        "wirings": [],
    }
    assert facts["services"][0]["used_by"] == ["greet"]
    assert facts["wirings"] == {}
    assert set(facts) == VIEWS


def test_it_imports_and_writes_nothing(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    with (project / "app/functions.py").open("a") as source:
        source.write('\nraise RuntimeError("imported")\n')
    assert pikku("info").returncode == 0
    assert not (project / ".pikku").exists()


def test_with_errors_in_the_source_the_rest_is_shown(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    (project / "app/broken.py").write_text("import pikku_core\ndef broken(:\n")
    result = pikku("info")
    assert result.returncode == 1
    assert "greet" in result.stdout
    assert "app/broken.py:2: PKU" in result.stdout


@pytest.fixture
def guarded(project: Path) -> Path:
    """A project with gates, middleware, a secret and a variable."""
    (project / "app/functions.py").write_text(GUARDED.lstrip())
    return project


@pytest.mark.parametrize(
    ("view", "lines"),
    [
        (
            "permissions",
            [
                "Permissions:",
                "Way in Function Session Read-only Scopes Permissions",
                "rpc:ping ping refused global: is_admin or is_owner and is_admin",
                (
                    "rpc:remove remove needed allowed users global: is_admin or is_owner and is_admin; "
                    "tag admin: is_admin; function: is_owner"
                ),
            ],
        ),
        (
            "middleware",
            [
                "Middleware:",
                "Middleware Place Around By",
                "limit app/functions.py:15 rpc:ping function",
                "limit app/functions.py:15 rpc:remove tag admin",
                "timing app/functions.py:9 rpc:ping global",
                "timing app/functions.py:9 rpc:remove global",
            ],
        ),
        (
            "tags",
            [
                "Tags:",
                "Tag Functions Wirings Middleware Permissions",
                "admin limit is_admin",
                "admin:users remove",
            ],
        ),
        (
            "secrets",
            [
                "Secrets:",
                "Name Key Type Optional Place Needed by",
                "api_key API_KEY str app/functions.py:41 vault",
            ],
        ),
        (
            "variables",
            [
                "Variables:",
                "Name Key Type Optional Place Needed by",
                "page_size PAGE_SIZE int app/functions.py:42 app.functions:timing",
            ],
        ),
        ("wirings", []),
        (
            "services",
            [
                "Services:",
                "Service Scope Place Used by",
                "vault singleton app/functions.py:29 remove",
            ],
        ),
    ],
)
@pytest.mark.usefixtures("guarded")
def test_a_view_shows_its_part(
    pikku: Callable[..., CompletedProcess[str]], view: str, lines: list[str]
) -> None:
    result = pikku("info", view)
    assert (result.returncode, result.stderr) == (0, "")
    assert [" ".join(line.split()) for line in result.stdout.splitlines()] == lines


@pytest.mark.usefixtures("guarded")
def test_a_view_comes_as_json_by_itself(pikku: Callable[..., CompletedProcess[str]]) -> None:
    facts = json.loads(pikku("info", "permissions", "--json").stdout)
    assert set(facts) == {"permissions"}
    assert facts["permissions"][1] == {
        "id": "rpc:remove",
        "function": "remove",
        "place": "app/functions.py:34",
        "session": True,
        "session_by": ["function", "scopes"],
        "readonly": True,
        "scopes": ["users"],
        "permissions": [
            {
                "level": "global",
                "of": "",
                "place": "app/functions.py:44",
                "alternatives": [
                    ["app.functions:is_admin"],
                    ["app.functions:is_owner", "app.functions:is_admin"],
                ],
            },
            {
                "level": "tag",
                "of": "admin",
                "place": "app/functions.py:46",
                "alternatives": [["app.functions:is_admin"]],
            },
            {
                "level": "function",
                "of": "",
                "place": "app/functions.py:34",
                "alternatives": [["app.functions:is_owner"]],
            },
        ],
    }


@pytest.mark.parametrize("view", ["secrets", "variables", "middleware", "permissions"])
def test_a_view_without_anything_says_so(
    pikku: Callable[..., CompletedProcess[str]], view: str
) -> None:
    assert pikku("info", view).stdout == f"The project has no {view}.\n"


def test_an_unknown_view_is_met_with_those_there_are(
    pikku: Callable[..., CompletedProcess[str]],
) -> None:
    result = pikku("info", "routes")
    assert result.returncode == 2
    assert 'The value of "VIEW" is wrong: "routes" is not one of "functions"' in result.stderr


def test_what_standard_output_cannot_show_is_spelled_out(project: Path, pikku: Run) -> None:
    (project / "app/cards.py").write_text(
        "from pikku_core import pikku_sessionless_func\n\n\n"
        '@pikku_sessionless_func(tags=["☃"])\nasync def card() -> None: ...\n'
    )
    done = pikku("info", "functions", PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\u2603" in done.stdout


def test_it_runs_where_standard_output_is_closed(project: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$0" -m pikku_cli info >&-', sys.executable],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
