"""The pages of docs/reference are what the code says now."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from pikku_core.plugin.loader import Selection, load_plugins

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PACKAGES = frozenset(folder.name for folder in ROOT.glob("packages/pikku-*"))


def pages() -> dict[str, str]:
    """The pages as they would be written now."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(DOCS), *sys.path])
        program = runpy.run_path(str(DOCS / "generate_reference.py"))
        written: dict[str, str] = program["pages"]()
    return written


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return pages()


def test_every_page_is_up_to_date(written: dict[str, str]) -> None:
    kept = {file.name: file.read_text(encoding="utf-8") for file in DOCS.glob("reference/*.md")}
    outdated = sorted(name for name, text in written.items() if kept.get(name) != text)
    assert outdated == [], "run: python docs/generate_reference.py"


def test_no_page_is_left_over(written: dict[str, str]) -> None:
    assert {file.name for file in DOCS.glob("reference/*")} == set(written)


def test_every_page_is_the_same_whatever_else_is_installed(
    written: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIKKU_PLUGINS", "")
    assert pages() == written


CODES = load_plugins(Selection(only=PACKAGES)).diagnostic_codes


@pytest.mark.parametrize("code", CODES)
def test_a_diagnostic_is_shown_with_what_causes_it_and_put_right(code: str) -> None:
    assert CODES[code].example, f'"{code}" has no "example"'
    assert CODES[code].mended, f'"{code}" has no "mended"'
