"""A transport that a stranger wrote and packed: its wheel adds to the tool, the scan and `.pikku/` what ours can."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.downstream.conftest import Environment

SOURCES = sorted(Path(__file__).parent.glob("line_transport/src/acme_line/*.py"))
PUBLIC = {"pikku_core", "pikku_core.plugin", "pikku_core.runtime"}


def test_the_transport_imports_only_what_is_public() -> None:
    imported = {
        node.module
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pikku")
    }
    assert imported == PUBLIC


def test_the_plugin_module_imports_no_server(acme: Environment, tmp_path: Path) -> None:
    program = "import sys, acme_line.plugin; print(*sorted(sys.modules))"
    result = acme.run("python", "-c", program, cwd=tmp_path)
    heavy = {"asyncio", "pydantic", "acme_line.runner", "acme_line.serve"}
    assert heavy & set(result.stdout.split()) == set(), result.stderr


def test_plugins_lists_the_distribution_and_its_version(acme: Environment, shop: Path) -> None:
    result = acme.run("pikku", "plugins", cwd=shop)
    assert result.returncode == 0
    (row,) = [line for line in result.stdout.splitlines() if "acme-line" in line]
    assert "1.0.0" in row


def test_info_counts_the_wirings_of_the_kind(acme: Environment, shop: Path) -> None:
    result = acme.run("pikku", "info", cwd=shop)
    assert result.returncode == 0
    assert "line" in result.stdout


def test_help_lists_the_commands(acme: Environment, shop: Path) -> None:
    result = acme.run("pikku", "line", "--help", cwd=shop)
    assert "List the verbs of the server that runs." in result.stdout


def test_the_kind_has_a_folder_with_a_file_of_its_own(shop: Path) -> None:
    verbs = json.loads((shop / ".pikku/line/line-verbs.gen.json").read_text())
    assert list(verbs) == [
        "ADD",
        "CALLER",
        "FAIL",
        "GUARDED",
        "LEAVE",
        "ORDER",
        "READPIPE",
        "SIGNIN",
    ]
    assert verbs["ADD"]["function"] == "add"
    assert sorted(verbs["ADD"]["data"]["properties"]) == ["left", "right"]
    assert verbs["CALLER"]["data"] is None


def test_core_writes_the_wirings_of_the_kind(shop: Path) -> None:
    written = (shop / ".pikku/line/pikku_line_wirings_gen.py").read_text()
    assert 'wire_line(verb="ADD", func=add, example=Sum(left=1, right=2))' in written


def test_a_second_run_writes_nothing(acme: Environment, shop: Path) -> None:
    files = [file for file in (shop / ".pikku").rglob("*.*") if ".cache" not in file.parts]
    before = [file.stat().st_mtime_ns for file in files]
    result = acme.run("pikku", cwd=shop)
    assert ".pikku: 0 written" in result.stdout
    assert [file.stat().st_mtime_ns for file in files] == before


def test_what_the_wirings_declare_when_they_run_is_what_the_scan_read(
    acme: Environment, shop: Path
) -> None:
    result = acme.run("pikku", "check", "--runtime", cwd=shop)
    assert result.returncode == 0, result.stdout + result.stderr


def test_without_the_plugin_its_wirings_are_left_out_and_said_to_be(
    acme: Environment, branch: Path
) -> None:
    result = acme.run("pikku", "--disable-plugin", "line", cwd=branch)
    assert result.returncode == 0
    assert (
        'app/wirings.py:17: PKU764 (warning) "wire_line" of "acme_line"'
        in result.stdout + result.stderr
    )
    assert not (branch / ".pikku/line").exists()


def test_a_setting_that_the_transport_does_not_know_is_refused(
    acme: Environment, branch: Path
) -> None:
    settings = branch / "pyproject.toml"
    settings.write_text(settings.read_text().replace("socket =", "sockte ="))
    result = acme.run("pikku", cwd=branch)
    assert result.returncode != 0
    assert "sockte" in result.stderr + result.stdout


@pytest.mark.parametrize(
    ("wiring", "code", "words"),
    [
        ('wire_line(verb="add-up", func=add)', "ACM001", ['"add-up"', "upper-case"]),
        ('wire_line(verb="PING", func=add)', "ACM002", ['"PING"']),
        ('wire_line(verb="DOUBLE", func=double)', "ACM003", ['"double"', '"int"']),
        ("wire_line(verb=str(1), func=add)", "PKU118", ['"verb"']),
        ("wire_line(func=add)", "PKU111", ['"verb"']),
        ('wire_line(verb="ADD", func=add)', "PKU726", ['"line:ADD"', "app/wirings.py:17"]),
        ('wire_line(verb="COUNT", func=count)', "PKU708", ['"count"', '"line"']),
        ('wire_line(verb="ECHO", func=add, exmaple=1)', "PKU761", ['"exmaple"', "example"]),
    ],
)
def test_a_wiring_that_cannot_be_is_a_diagnostic_with_its_place(
    acme: Environment, branch: Path, wiring: str, code: str, words: list[str]
) -> None:
    (branch / "app/more.py").write_text(
        f"""from collections.abc import AsyncIterator
from acme_line import wire_line
from app.functions import add
from app.models import Sum
from pikku_core import pikku_sessionless_func

@pikku_sessionless_func
async def double(data: int) -> int:
    return 2 * data

@pikku_sessionless_func
async def count(data: Sum) -> AsyncIterator[int]:
    yield data.left

{wiring}
"""
    )
    result = acme.run("pikku", cwd=branch)
    assert result.returncode != 0
    (line,) = [line for line in (result.stdout + result.stderr).splitlines() if f" {code}" in line]
    assert "app/more.py:15" in line
    assert all(word in line for word in words), line


def test_a_command_without_a_server_says_so(acme: Environment, shop: Path) -> None:
    result = acme.run("pikku", "line", "ping", cwd=shop)
    assert result.returncode == 1
    assert result.stderr.startswith('Error: No server listens on "')
    assert "Traceback" not in result.stderr


BY_HAND = """
import asyncio
from acme_line import Connection, wire_line
from acme_line.runner import Runner
from app.functions import add
from pikku_core import App

async def main():
    async with App([wire_line(verb="ADD", func=add)]) as app:
        print(await Runner(app).answer(b'ADD {"left": 1, "right": 2}', Connection()))

asyncio.run(main())
"""


def test_an_app_made_by_hand_answers_lines(acme: Environment, shop: Path) -> None:
    result = acme.run("python", "-c", BY_HAND, cwd=shop)
    assert result.stdout.strip() == r"""b'OK {"total":3}\n'""", result.stderr
