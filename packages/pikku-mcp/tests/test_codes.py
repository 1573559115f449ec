"""Every diagnostic: its example causes it at the last line, and the mended source is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.build import build
from pikku_core.plugin.loader import registry_of
from pikku_core.settings import load_settings
from pikku_mcp import plugin
from pikku_mcp.codes import CODES

if TYPE_CHECKING:
    from pathlib import Path

    from pikku_core.plugin import Diagnostic, DiagnosticCode

EACH = pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)


def diagnostics(root: Path, source: str) -> tuple[Diagnostic, ...]:
    (root / "pyproject.toml").write_text('[tool.pikku]\nsource = ["app"]\n')
    (root / "app").mkdir(exist_ok=True)
    (root / "app" / "__init__.py").touch()
    (root / "app" / "main.py").write_text(source)
    registry = registry_of(plugin)
    settings = load_settings(root, registry)
    return tuple(build(root, settings=settings, registry=registry).diagnostics)


@EACH
def test_the_example_causes_its_code_at_its_last_line(tmp_path: Path, code: DiagnosticCode) -> None:
    found = diagnostics(tmp_path, code.example)
    own = [one for one in found if one.code == code.code]
    assert [str(one.location) for one in own] == [f"app/main.py:{code.example.count(chr(10))}"]
    assert [one.severity for one in own] == [code.severity]
    # A declaration that raises where it stands is reported once more where its module is imported for types.
    assert {one.code for one in found} - {code.code, "PKU770"} == set()


@EACH
def test_the_mended_source_is_accepted(tmp_path: Path, code: DiagnosticCode) -> None:
    assert [str(one) for one in diagnostics(tmp_path, code.mended)] == []


FIELDS = """
from dataclasses import dataclass
from pikku_core import pikku_sessionless_func
from pikku_mcp import wire_mcp_resource

@dataclass
class Log:
    service: str
    since: str = ""

@pikku_sessionless_func
async def read_log(data: Log) -> str:
    return data.service

"""


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("logs://{service}", ""),
        ("logs://{service}{?since}", ""),
        ("logs://{?service}", 'is required, and may be left out of "logs://{?service}"'),
        ("logs://all", 'is required, and is no variable of "logs://all"'),
    ],
)
def test_what_a_function_needs_is_in_every_uri(tmp_path: Path, uri: str, message: str) -> None:
    found = diagnostics(tmp_path, FIELDS + f'wire_mcp_resource("{uri}", func=read_log)\n')
    assert [message in one.message for one in found] == ([True] if message else [])


def test_a_tool_that_is_marked_and_wired_is_reported(tmp_path: Path) -> None:
    source = (
        "from pikku_core import pikku_sessionless_func\n"
        "from pikku_mcp import wire_mcp_tool\n"
        "@pikku_sessionless_func(mcp=True)\n"
        "async def add() -> int:\n    return 1\n"
        'wire_mcp_tool(name="add", func=add)\n'
    )
    assert [one.code for one in diagnostics(tmp_path, source)] == ["PKU726"]
