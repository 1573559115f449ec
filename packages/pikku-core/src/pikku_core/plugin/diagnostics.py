"""Diagnostics: what is wrong with a project's source, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a diagnostic does to a command that writes."""

    ERROR = "error"
    """Nothing is written."""
    WARNING = "warning"
    """Shown; fails with `--strict`."""
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A line of source.

    Attributes:
        file: POSIX path relative to the project's root (an addon's: relative to its distribution's root).
        line: 1-based.
    """

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosticCode:
    """A code that a plugin may report: its meaning, once, for the reference page.

    Attributes:
        code: `PKU` and three digits; a stranger's plugin takes a prefix of its own.
        title: What is wrong, in a few words.
        explanation: Why it is wrong and how to mend it, for the reference page.
        example: Source that causes it; where it must be in a certain file, a comment first that names it, and `$ ` before
            a command.
        mended: The same source, put right.
    """

    code: str
    title: str
    explanation: str
    severity: Severity = Severity.ERROR
    example: str = ""
    mended: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One thing that is wrong at one place.

    Attributes:
        message: One sentence that names the thing in double quotes.
        hint: What to do, one sentence; empty where the message says it.
        related: Other places that belong to it, such as the first of two declarations.
    """

    code: str
    message: str
    location: Location | None = None
    hint: str = ""
    severity: Severity = Severity.ERROR
    related: tuple[Location, ...] = ()

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        also = "".join(f" (see {place})" for place in self.related)
        hint = f" {self.hint}" if self.hint else ""
        return f"{where}{self.code} {self.message}{also}{hint}"


class DiagnosticError(Exception):
    """Raised while one call is read: the call yields this diagnostic and the scan goes on with the next."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic
