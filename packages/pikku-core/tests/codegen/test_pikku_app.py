"""`pikku_app`: the generated files of a process's project, found and put on its path."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run() -> Run:
    """Runs a program in a folder; further keywords are environment variables."""

    def start(program: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program],
            cwd=cwd,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return start


def generate(project: Path, out: str = ".pikku", *, value: int = 1) -> Path:
    """A project with generated files that have a folder named like a module of the standard library."""
    folder = project / out
    (folder / "http").mkdir(parents=True)
    (folder / "pikku_bootstrap_gen.py").touch()
    (folder / "__init__.py").touch()
    (folder / "http/__init__.py").write_text(f"VALUE = {value}\n")
    (project / "pyproject.toml").write_text(f'[tool.pikku]\nout = "{out}"\n')
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    generate(tmp_path / "project")
    return tmp_path / "project"


@pytest.mark.parametrize(
    "program",
    [
        "import pikku_app.http, http.client",
        "import http.client, pikku_app.http",
        "import http.server\nfrom pikku_app import http as generated\nimport pikku_app.http\nassert generated is pikku_app.http",
    ],
)
def test_generated_http_and_the_standard_librarys_live_together(
    run: Run, project: Path, program: str
) -> None:
    checks = "import sys, http, http.client, pikku_app.http\nprint(pikku_app.http.VALUE, http.client.HTTPConnection.__name__)"
    done = run(f"{program}\n{checks}", project)
    assert done.stdout == "1 HTTPConnection\n", done.stderr


def test_the_folder_is_never_on_the_path(run: Run, project: Path) -> None:
    done = run("import sys, pikku_app\nprint(any('.pikku' in each for each in sys.path))", project)
    assert done.stdout == "False\n", done.stderr


def test_it_is_found_from_a_folder_below(run: Run, project: Path) -> None:
    (project / "app/deep").mkdir(parents=True)
    done = run("import pikku_app; print(pikku_app.directory)", project / "app/deep")
    assert done.stdout.strip() == str(project / ".pikku"), done.stderr


def test_the_setting_out_is_followed(run: Run, tmp_path: Path) -> None:
    folder = generate(tmp_path / "other", "build/generated")
    done = run("import pikku_app; print(pikku_app.directory)", tmp_path / "other")
    assert done.stdout.strip() == str(folder), done.stderr


def test_the_variable_out_is_followed(run: Run, tmp_path: Path) -> None:
    folder = generate(tmp_path / "other", "build/generated")
    (tmp_path / "other/pyproject.toml").write_text("")
    done = run(
        "import pikku_app; print(pikku_app.directory)",
        tmp_path / "other",
        PIKKU_OUT="build/generated",
    )
    assert done.stdout.strip() == str(folder), done.stderr


def test_the_search_stops_at_the_first_project(run: Run, project: Path) -> None:
    inner = project / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").touch()
    done = run("import pikku_app", inner)
    assert "PKU803" in done.stderr
    assert 'run "pikku"' in done.stderr


@pytest.mark.parametrize("below", ["", ".pikku"])
def test_a_variable_names_the_project_or_its_folder(
    run: Run, project: Path, tmp_path: Path, below: str
) -> None:
    done = run("import pikku_app.http", tmp_path, PIKKU_DIR=str(project / below))
    assert done.returncode == 0, done.stderr


def test_a_variable_that_names_nothing_is_an_error(run: Run, project: Path) -> None:
    done = run("import pikku_app", project, PIKKU_DIR="nowhere")
    assert 'in "nowhere", which PIKKU_DIR names' in done.stderr


def test_it_is_found_beside_the_main_program(project: Path, tmp_path: Path) -> None:
    (project / "main.py").write_text("import pikku_app.http\nprint(pikku_app.http.VALUE)\n")
    done = subprocess.run(
        [sys.executable, str(project / "main.py")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "1\n", done.stderr


def test_it_works_for_a_module_that_is_run(project: Path) -> None:
    package = project / "app"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        "import http.client\nimport pikku_app.http\nprint(pikku_app.http.VALUE)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "app"], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.stdout == "1\n", done.stderr


def test_missing_files_name_the_command(run: Run, tmp_path: Path) -> None:
    done = run("import pikku_app.http", tmp_path)
    assert 'PKU803 No generated files were found from "' in done.stderr
    assert 'run "pikku" in the project\'s folder' in done.stderr


def test_a_generated_type_at_run_time_says_where_it_belongs(run: Run, project: Path) -> None:
    done = run("from pikku_app import Rpc", project)
    assert 'ImportError: PKU801 "Rpc" of "pikku_app" exists for type checkers only' in done.stderr
    assert 'import it under "if TYPE_CHECKING:"' in done.stderr


def test_an_unknown_name_is_an_attribute_error(run: Run, project: Path) -> None:
    done = run(
        "import pikku_app\nprint(hasattr(pikku_app, 'nothing'), hasattr(pikku_app, '__wrapped__'))",
        project,
    )
    assert done.stdout == "False False\n", done.stderr


def test_a_second_project_in_one_process_is_an_error(
    run: Run, project: Path, tmp_path: Path
) -> None:
    second = generate(tmp_path / "second", value=2)
    done = run(
        f"import pikku_app\npikku_app.use({str(project / '.pikku')!r})\npikku_app.use({str(second)!r})",
        project,
    )
    assert "PKU802" in done.stderr
    assert str(second) in done.stderr
    assert "App.load" in done.stderr
