"""Diagnostics: one line each, which editors and terminals make a link of."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, TypedDict

from pikku_cli.render.terminal import show, styled
from pikku_core.plugin import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


class DiagnosticFacts(TypedDict):
    """A diagnostic as JSON; `place` and `related` are `file:line`, `place` is empty where there is none."""

    code: str
    severity: str
    message: str
    hint: str
    place: str
    related: list[str]


def diagnostic_facts(diagnostics: Sequence[Diagnostic]) -> list[DiagnosticFacts]:
    """Diagnostics for programs."""
    return [
        {
            "code": one.code,
            "severity": str(one.severity),
            "message": one.message,
            "hint": one.hint,
            "place": "" if one.location is None else str(one.location),
            "related": [str(place) for place in one.related],
        }
        for one in diagnostics
    ]


def show_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """Prints `file:line: CODE message` for each, sorted by place, and below them how many there are."""
    for diagnostic in diagnostics:
        show(line(diagnostic))
    if diagnostics:
        show(count(diagnostics))


def line(diagnostic: Diagnostic) -> str:
    """A diagnostic as one line."""
    where = "" if diagnostic.location is None else f"{diagnostic.location}: "
    text = str(diagnostic).removeprefix(where).removeprefix(diagnostic.code)
    code = styled(diagnostic.code, _COLOURS[diagnostic.severity])
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
