"""The diagnostics of one scan."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from pikku_core.plugin.diagnostics import Diagnostic, DiagnosticError, Location, Severity
from pikku_core.scan.codes import CODES
from pikku_core.scan.unresolved import SAID

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pikku_core.scan.unresolved import UnresolvedError


VERSION: Final = re.compile(r"[@_]v[0-9]+$")


@cache
def _severities() -> dict[str, Severity]:
    return {code.code: code.severity for code in CODES}


def diagnostic(
    code: str,
    message: str,
    location: Location | None,
    *,
    hint: str = "",
    related: Sequence[Location] = (),
) -> Diagnostic:
    """A diagnostic with the severity that its code has."""
    return Diagnostic(
        code=code,
        message=message,
        location=location,
        hint=hint,
        severity=_severities().get(code, Severity.ERROR),
        related=tuple(related),
    )


class Report:
    """Collects what is wrong, each thing once."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}
        self._lost: set[str] = set()

    def lose(self, names: Iterable[str]) -> None:
        """Notes what a file that cannot be read may declare: that alone is reported, and nothing that lacks it."""
        self._lost.update(names)

    def is_lost(self, name: str) -> bool:
        """Whether a name, or a function's without its version, may stand in a file that cannot be read."""
        return name in self._lost or VERSION.sub("", name) in self._lost

    def add(
        self,
        code: str,
        message: str,
        location: Location | None,
        *,
        hint: str = "",
        related: Sequence[Location] = (),
    ) -> None:
        """Adds a diagnostic with the severity that its code has."""
        self.take(diagnostic(code, message, location, hint=hint, related=related))

    def take(self, found: Diagnostic) -> None:
        """Adds a diagnostic as it is."""
        if found.code != SAID:
            self._found[found] = None

    def unresolved(self, error: UnresolvedError, location: Location) -> None:
        """Adds what could not be resolved, at its own line of the location's file where it knows one."""
        self.take(from_unresolved(error, location))

    def sorted(self) -> tuple[Diagnostic, ...]:
        """What was found, by place, code and message."""
        return tuple(sorted(self._found, key=_order))


def from_unresolved(error: UnresolvedError, location: Location) -> Diagnostic:
    """The diagnostic for something that could not be resolved."""
    place = Location(location.file, error.line) if error.line else location
    return diagnostic(error.code, error.message, place, hint=error.hint)


def failure(
    code: str,
    message: str,
    location: Location,
    *,
    hint: str = "",
    related: Sequence[Location] = (),
) -> DiagnosticError:
    """The error that ends the reading of one declaration."""
    return DiagnosticError(diagnostic(code, message, location, hint=hint, related=related))


def _order(found: Diagnostic) -> tuple[str, int, str, str]:
    place = found.location or Location("", 0)
    return (place.file, place.line, found.code, found.message)
