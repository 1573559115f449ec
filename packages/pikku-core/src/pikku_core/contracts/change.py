"""One thing that is different between a contract that was promised and the one that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Which way values go: what accepts less breaks who sends, what may hold more breaks who reads."""

    INPUT = "input"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is different.

    Attributes:
        field: The part of the type, after the type's name: `CreateCard.colour`.
        text: What became of it: `required now`, `was integer, is string`.
        was, now: The old and the new; empty where there is none.
        breaks: Whether callers that rely on the old contract fail.
    """

    direction: Direction
    field: str
    text: str
    was: str
    now: str
    breaks: bool

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"
