"""`pikku check`: what only running the wirings, or a type checker, can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project


@pytest.mark.parametrize("option", ["--runtime", "--types"])
def test_a_good_project_passes(project: Project, option: str) -> None:
    result = project.run("check", option)
    assert result.returncode == 0, result.stdout + result.stderr
    assert not (project.root / ".pikku/http").exists()


def test_a_wiring_beside_its_function_passes(project: Project) -> None:
    with project.module("functions").open("a") as functions:
        functions.write(
            "\n\nfrom pikku_http import wire_http\n\n"
            'wire_http(method="get", route="/beside", func=greet)\n'
        )
    result = project.run("check", "--runtime")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_function_that_is_changed_behind_the_scanners_back_is_found_by_importing(
    project: Project,
) -> None:
    with project.module("functions").open("a") as functions:
        functions.write(
            "\n\n@pikku_sessionless_func\n"
            "async def add(data: int) -> int:\n"
            "    return data\n\n\n"
            "add.__pikku__ = add.__pikku__.__class__(needs_session=True)\n"
        )
    assert project.run("check").returncode == 0
    result = project.run("check", "--runtime")
    assert result.returncode == 1
    assert "app/functions.py:" in result.stdout
    assert '"add"' in result.stdout


def test_a_service_of_another_type_is_found_by_the_type_checker(project: Project) -> None:
    project.replace("functions", "*, journal: Journal", "*, journal: bytes")
    assert project.run("check").returncode == 0
    result = project.run("check", "--types")
    assert result.returncode == 1
    assert "app/functions.py:14: PKU790" in result.stdout
    assert '"Journal"' in result.stdout
    assert '"bytes"' in result.stdout


def test_a_folder_that_cannot_be_written_keeps_the_type_checker_from_running(
    project: Project,
) -> None:
    (project.root / ".pikku").write_text("in the way")
    assert project.run("check").returncode == 0
    result = project.run("check", "--types")
    assert (result.returncode, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert line.endswith("cannot be written: Not a directory.")
