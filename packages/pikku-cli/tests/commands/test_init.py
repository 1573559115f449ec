"""`pikku init`: a folder becomes a project, and what is in it stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess


def test_a_folder_becomes_a_project_that_builds(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    (project / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    result = pikku("init")
    assert result.stdout.splitlines() == [
        "Added tool.pikku.source, tool.mypy.mypy_path, tool.pyright.extraPaths to pyproject.toml",
        "Added .pikku/ to .gitignore",
    ]
    assert (project / "pyproject.toml").read_text().startswith('[project]\nname = "shop"\n\n')
    assert pikku().returncode == 0
    assert pikku("init").stdout == "Nothing is missing.\n"


def test_an_empty_folder_takes_its_first_package(
    pikku: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    assert pikku("init", "--project", str(folder), cwd=tmp_path).returncode == 0
    assert pikku("new", "function", "greet", cwd=folder).returncode == 2
    assert pikku("new", "function", "greet", "--package", "shop", cwd=folder).returncode == 0
    assert "Found 1 function" in pikku(cwd=folder).stdout


def test_a_dry_run_writes_nothing_and_json_has_the_same_facts(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    (project / "mypy.ini").write_text("[mypy]\n")
    before = (project / "pyproject.toml").read_text()
    facts = json.loads(pikku("init", "--dry-run", "--json").stdout)
    assert facts == {
        "written": False,
        "added": {"pyproject.toml": ["tool.pyright.extraPaths"], ".gitignore": [".pikku/"]},
        "left": ['Add "mypy_path = .pikku/types" to "mypy.ini".'],
    }
    assert (project / "pyproject.toml").read_text() == before
    assert not (project / ".gitignore").exists()
    assert json.loads(pikku("init", "--json").stdout) == facts | {"written": True}


def test_a_folder_in_a_project_is_refused(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    result = pikku("init", cwd=project / "app")
    assert result.returncode == 1
    assert (
        result.stderr == f'Error: "{project}" is a project already, and "{project}/app" is in it.\n'
    )
    assert not (project / "app/pyproject.toml").exists()


def test_a_file_that_is_not_toml_stays_as_it_is(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    (project / "pyproject.toml").write_text("[tool")
    result = pikku("init")
    assert result.returncode == 1
    assert "is not TOML" in result.stderr
    assert (project / "pyproject.toml").read_text() == "[tool"
