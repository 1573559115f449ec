"""What a check of `pikku doctor` finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pikku_core.plugin import Severity

if TYPE_CHECKING:
    from pikku_core.plugin import Diagnostic


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    """Something is missing that the project runs without."""
    ERROR = "error"
    """The project, or the tool, does not work; fails the command."""


_LEVELS: Final = {
    Severity.ERROR: Level.ERROR,
    Severity.WARNING: Level.WARNING,
    Severity.INFO: Level.NOTE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence about one thing.

    Attributes:
        check: What was looked at: `python`, `settings`; of a plugin's, its name.
        message: What was found and, where it is not well, what to do.
    """

    check: str
    level: Level
    message: str

    @classmethod
    def of(cls, check: str, diagnostic: Diagnostic) -> Finding:
        """What a plugin's check reports."""
        return cls(check=check, level=_LEVELS[diagnostic.severity], message=str(diagnostic))


def ok(check: str, message: str) -> Finding:
    """Something that is as it should be."""
    return Finding(check=check, level=Level.OK, message=message)


def note(check: str, message: str) -> Finding:
    """Something to know."""
    return Finding(check=check, level=Level.NOTE, message=message)


def warning(check: str, message: str) -> Finding:
    """Something that the project runs without."""
    return Finding(check=check, level=Level.WARNING, message=message)


def error(check: str, message: str) -> Finding:
    """Something that does not work."""
    return Finding(check=check, level=Level.ERROR, message=message)
