"""Everything that `pikku new` writes is as its author would want it: typed, formatted, built, tested."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from tests.integration.templates.conftest import TEMPLATES

if TYPE_CHECKING:
    from tests.integration.templates.conftest import Folder

STANDALONE = [name for name, template in TEMPLATES.items() if template.standalone]
FOLDERS = [*STANDALONE, "flat"]
PROJECTS = ["addon", "project", "flat"]


@pytest.mark.parametrize("name", PROJECTS)
def test_it_is_built_without_a_warning_and_is_what_running_it_declares(
    written: dict[str, Folder], name: str
) -> None:
    written[name].pikku("all", "--strict")
    assert written[name].pikku("check", "--runtime", "--types", "--strict").startswith("Checked ")


def test_every_template_of_a_project_is_in_it(written: dict[str, Folder]) -> None:
    kinds = [name.removeprefix("wiring ") for name in TEMPLATES if name.startswith("wiring ")]
    found = written["project"].pikku("check")
    assert "3 functions, 2 http, 1 queue, 1 scheduler, 5 services" in found
    assert kinds == ["http", "queue"]


@pytest.mark.parametrize("name", FOLDERS)
def test_its_own_tests_pass(written: dict[str, Folder], name: str) -> None:
    assert " passed" in written[name].run("pytest", "-p", "no:cacheprovider")


@pytest.mark.parametrize("name", FOLDERS)
def test_it_passes_mypy_as_strict_as_it_gets(written: dict[str, Folder], name: str) -> None:
    source = "shop" if name == "flat" else "src"
    written[name].run("mypy", "--strict", source, "tests")


@pytest.mark.parametrize("name", FOLDERS)
def test_it_passes_pyright(written: dict[str, Folder], name: str) -> None:
    out = written[name].run("pyright", "--pythonpath", sys.executable)
    assert out.startswith("0 errors, 0 warnings")


@pytest.mark.parametrize("name", FOLDERS)
def test_it_is_formatted_and_sorted_as_ruff_does_by_default(
    written: dict[str, Folder], name: str
) -> None:
    source = "shop" if name == "flat" else "src"
    rules = ("--select", "ASYNC,B,E,F,I,RUF,SIM,UP,W")
    written[name].run("ruff", "check", "--isolated", "--no-cache", *rules, source, "tests")
    written[name].run("ruff", "format", "--isolated", "--no-cache", "--check", source, "tests")
