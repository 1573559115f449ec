"""Rows under headings."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from pikku_cli.render.terminal import is_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence


def show_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints rows: a rich table on a terminal, aligned columns otherwise; nothing where there are none."""
    if not rows:
        return
    if is_terminal(sys.stdout):
        _show_rich(title, headings, rows)
        return
    typer.echo(f"{title}:")
    lines = [headings, *rows]
    widths = [max(len(one[column]) for one in lines) for column in range(len(headings))]
    for row in lines:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        typer.echo(f"  {'  '.join(cells).rstrip()}")


def _show_rich(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)
