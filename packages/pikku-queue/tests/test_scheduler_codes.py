"""Every diagnostic of schedules: its example causes it, at its last line where it is about a call, and the mended source does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.build import build
from pikku_core.plugin.loader import registry_of
from pikku_core.settings import load_settings
from pikku_queue import plugin
from pikku_queue.scheduler.codes import CODES

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
def test_the_example_causes_its_code(tmp_path: Path, code: DiagnosticCode) -> None:
    found = diagnostics(tmp_path, code.example)
    (own,) = [one for one in found if one.code == code.code]
    last = code.example.count("\n")
    if code.code != "PKU945":  # That one is about a function.
        assert str(own.location) == f"app/main.py:{last}"
    # A declaration that raises where it stands is reported once more where its module is imported for types.
    assert {one.code for one in found} - {code.code, "PKU770"} == set()


@EACH
def test_the_mended_source_is_accepted(tmp_path: Path, code: DiagnosticCode) -> None:
    assert [str(one) for one in diagnostics(tmp_path, code.mended)] == []
