"""Diagnostics: one line each, which editors and terminals make a link of."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import typer

from pikku_core.plugin import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def show_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """Prints `file:line: CODE message` for each, sorted by place, and below them how many there are."""
    for diagnostic in diagnostics:
        typer.echo(line(diagnostic))
    if diagnostics:
        typer.echo(count(diagnostics))


def line(diagnostic: Diagnostic) -> str:
    """A diagnostic as one line; colours are left out where the output is no terminal."""
    where = "" if diagnostic.location is None else f"{diagnostic.location}: "
    text = str(diagnostic).removeprefix(where).removeprefix(diagnostic.code)
    code = typer.style(diagnostic.code, fg=_COLOURS[diagnostic.severity], bold=True)
    severity = "" if diagnostic.severity is Severity.ERROR else f" ({diagnostic.severity})"
    return f"{where}{code}{severity}{text}"


def count(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`."""
    found = Counter(diagnostic.severity for diagnostic in diagnostics)
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    return ", ".join(
        plural(found[severity], word) for severity, word in words.items() if found[severity]
    )


def plural(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
