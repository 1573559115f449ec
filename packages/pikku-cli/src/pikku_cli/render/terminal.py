"""What a stream can show: https://no-color.org, https://force-color.org."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from typing import TextIO


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads along, on something where a line can be written over; not where the stream is closed."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def has_colour(stream: TextIO) -> bool:
    """Whether to use colours: `NO_COLOR` forbids them, else `FORCE_COLOR` demands them, else a terminal has them."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal(stream)


def styled(text: str, colour: str) -> str:
    """Text for standard output, in bold and in a colour where there are colours."""
    return typer.style(text, fg=colour, bold=True) if has_colour(sys.stdout) else text


def show(line: str) -> None:
    """Prints a line to standard output, its colours included wherever `styled` put them in."""
    typer.echo(line, color=has_colour(sys.stdout))
