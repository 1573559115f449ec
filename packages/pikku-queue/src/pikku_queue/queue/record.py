"""What a backend knows of a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

Status: TypeAlias = Literal[
    "waiting", "delayed", "active", "completed", "failed", "discarded", "cancelled"
]
STATUSES: Final[tuple[str, ...]] = get_args(Status)
SETTLED: Final[frozenset[str]] = frozenset({"completed", "failed", "discarded", "cancelled"})
"""A job of one of these is not tried again by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A job as it is now.

    Attributes:
        id: The job.
        queue: Its queue.
        status: `waiting`, `delayed` (until its time, or its next attempt), `active`, `completed`, `failed` (a dead letter),
            `discarded`, `cancelled`.
        data: Its data, as JSON.
        attempt: How many attempts were begun.
        attempts: How many there are at most.
        priority: 0 to 9, higher first.
        progress: What the function last said of it; None: nothing.
        result: As JSON; None where it is not completed, or not kept.
        error: What the last attempt failed of; empty: nothing.
        code: The code of that error.
        enqueued, due: Seconds since 1970, UTC; None: not known, or due at once.
        started, ended: When its last attempt was begun, and when it was settled; None: not yet, or not known.
    """

    id: str
    queue: str
    status: Status
    data: bytes = b"null"
    attempt: int = 0
    attempts: int = 1
    priority: int = 0
    progress: Any = None
    result: bytes | None = None
    error: str = ""
    code: str = ""
    enqueued: float | None = None
    due: float | None = None
    started: float | None = None
    ended: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many jobs a queue holds, by status."""

    waiting: int = 0
    delayed: int = 0
    active: int = 0
    completed: int = 0
    failed: int = 0
    discarded: int = 0
    cancelled: int = 0
