"""What an attempt came to. The backend records it and acknowledges the message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """It is done.

    Attributes:
        result: The function's result as JSON.
    """

    result: bytes = b"null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """It failed and is tried again.

    Attributes:
        after: In so many seconds.
        error: What happened, in one sentence that may be shown.
        code: The error's code.
    """

    after: float
    error: str
    code: str = "internal_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It failed for the last time: it goes to the dead letters, from where it can be replayed."""

    error: str
    code: str = "internal_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """It is never tried again and no dead letter: the function said that there is nothing to do, or it expired."""

    reason: str


@dataclass(frozen=True, slots=True)
class Returned:
    """The worker stops before it was done: another takes it, and this attempt does not count."""


Outcome: TypeAlias = Completed | Retried | Failed | Discarded | Returned
