"""Functions that clients may call by name although nothing guards them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.build.exposure import exposed_problems
from pikku_core.plugin.loader import registry_of
from pikku_core.scan import scan
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from pikku_core.plugin import Project

HEAD = """\
from pikku_core import global_permissions, pikku_func, pikku_permission, pikku_sessionless_func, tag_permissions

@pikku_permission
def allowed() -> bool:
    return True

"""
REGISTRY = registry_of()
F = "\nasync def f() -> None: ...\n"


def scanned(folder: Path, source: str) -> Project:
    (folder / "app").mkdir()
    (folder / "app/__init__.py").touch()
    (folder / "app/main.py").write_text(HEAD + source)
    return scan(folder, Settings(root=folder), REGISTRY)


def test_what_nothing_guards_is_a_problem(tmp_path: Path) -> None:
    (problem,) = exposed_problems(
        scanned(tmp_path, f"@pikku_sessionless_func(expose=True){F}"), REGISTRY
    )
    assert (problem.code, str(problem.location)) == ("PKU574", "app/main.py:8")
    assert 'expose="public"' in problem.hint


@pytest.mark.parametrize(
    "source",
    [
        f"@pikku_sessionless_func{F}",
        f'@pikku_sessionless_func(expose="public"){F}',
        f"@pikku_func(expose=True){F}",
        f"@pikku_sessionless_func(expose=True, permissions=[allowed]){F}",
        f"@pikku_sessionless_func(expose=True){F}global_permissions([allowed])\n",
        f'@pikku_sessionless_func(expose=True, tags=["a:b"]){F}tag_permissions("a", [allowed])\n',
    ],
    ids=["hidden", "said", "session", "permission", "global", "tag"],
)
def test_what_is_guarded_or_said_is_none(source: str, tmp_path: Path) -> None:
    project = scanned(tmp_path, source)
    assert not project.diagnostics
    assert exposed_problems(project, REGISTRY) == []


def test_permissions_for_another_tag_guard_nothing(tmp_path: Path) -> None:
    source = (
        f'@pikku_sessionless_func(expose=True, tags=["b"]){F}tag_permissions("b:c", [allowed])\n'
    )
    source += "@pikku_sessionless_func(tags=['b:c'])\nasync def g() -> None: ...\n"
    assert [each.code for each in exposed_problems(scanned(tmp_path, source), REGISTRY)] == [
        "PKU574"
    ]


def test_a_function_that_needs_a_session_is_never_public(tmp_path: Path) -> None:
    found = scanned(tmp_path, f'@pikku_func(expose="public"){F}').diagnostics
    assert [(each.code, str(each.location)) for each in found] == [("PKU124", "app/main.py:7")]
