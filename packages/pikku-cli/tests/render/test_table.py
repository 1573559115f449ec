"""Rows under headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_cli.render.table import show_table

if TYPE_CHECKING:
    import pytest


def test_columns_are_aligned_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_table("Things", ["Name", "Use"], [["a", "first"], ["longer", ""]])
    assert capsys.readouterr().out.splitlines() == [
        "Things:",
        "  Name    Use",
        "  a       first",
        "  longer",
    ]


def test_a_table_without_rows_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    show_table("Things", ["Name"], [])
    assert capsys.readouterr().out == ""


def test_on_a_terminal_what_looks_like_markup_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    show_table("Things", ["Name"], [["list[str]"], ["[bold]"]])
    text = capsys.readouterr().out
    assert "list[str]" in text
    assert "[bold]" in text
