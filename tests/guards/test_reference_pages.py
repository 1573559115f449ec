"""The pages of docs/reference are what the code says now."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    """The pages as they would be written now."""
    program = runpy.run_path(str(DOCS / "generate_reference.py"))
    pages: dict[str, str] = program["pages"]()
    return pages


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
    program = runpy.run_path(str(DOCS / "generate_reference.py"))
    assert program["pages"]() == written
