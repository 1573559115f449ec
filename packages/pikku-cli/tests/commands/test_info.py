"""`pikku info`: what a project is made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess


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
        "services": ["clock"],
        "tags": ["greeting"],
    }
    assert facts["services"][0]["used_by"] == ["greet"]
    assert facts["wirings"] == {}


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
