"""A firing, and how it is written as a job of the internal queue."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from pikku_queue.queue.worker_config import WorkerConfig

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pikku_queue.queue.record import JobRecord

CONFIG: Final = WorkerConfig(attempts=1, group_concurrency=1, keep="7d")
"""How it is worked off: the firings of one schedule that overlap by `queue` are one group."""

FiringStatus: TypeAlias = Literal[
    "waiting", "delayed", "active", "completed", "failed", "skipped", "cancelled"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """What the job of a firing, or of a one-off call, carries as data.

    Attributes:
        name: The schedule; of a one-off call the function.
        due: When it was to fire: seconds since 1970, UTC.
        is_call: Whether it is a one-off call.
        data: The data of a one-off call, as text of JSON.
        is_triggered: Whether somebody has triggered it.
        skipped: Why it is not to run; empty: it is.
    """

    name: str
    due: float
    is_call: bool = False
    data: str = "null"
    is_triggered: bool = False
    skipped: str = ""

    def to_json(self) -> bytes:
        """As the job carries it."""
        row: dict[str, Any] = {"call" if self.is_call else "schedule": self.name, "due": self.due}
        if self.is_call:
            row["data"] = json.loads(self.data)
        if self.is_triggered:
            row["triggered"] = True
        if self.skipped:
            row["skipped"] = self.skipped
        return json.dumps(row).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Firing:
        """What `to_json` gave.

        Raises:
            ValueError: It is something else.
        """
        row = json.loads(data)
        try:
            is_call = "call" in row
            return cls(
                name=row["call" if is_call else "schedule"],
                due=float(row["due"]),
                is_call=is_call,
                data=json.dumps(row.get("data")),
                is_triggered=bool(row.get("triggered")),
                skipped=row.get("skipped", ""),
            )
        except (KeyError, TypeError) as error:
            raise ValueError("The job carries no firing.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringRecord:
    """A firing of a schedule, or a one-off call, as it is now.

    Attributes:
        id: The firing.
        name: The schedule; of a one-off call the function.
        due: When it was to fire, in UTC.
        status: `waiting`, `delayed` (until its time, or its next attempt), `active`, `completed`, `failed`, `skipped` (see `reason`),
            `cancelled`.
        is_call: Whether it is a one-off call.
        is_triggered: Whether somebody has triggered it.
        attempt: How many attempts were begun.
        reason: Why it was skipped, or what it failed of; empty: neither.
        started, ended: In UTC; None: not yet.
    """

    id: str
    name: str
    due: datetime
    status: FiringStatus
    is_call: bool = False
    is_triggered: bool = False
    attempt: int = 0
    reason: str = ""
    started: datetime | None = None
    ended: datetime | None = None


def firing_id(name: str, due: float) -> str:
    """The job of a schedule's firing: `digest:2026-03-29T01:00:00Z`."""
    moment = datetime.fromtimestamp(due, UTC)
    precision = "milliseconds" if moment.microsecond else "seconds"
    return f"{name}:{moment.replace(tzinfo=None).isoformat(timespec=precision)}Z"


def firing_record(job: JobRecord) -> FiringRecord:
    """The firing that a job is.

    Raises:
        ValueError: It is none.
    """
    firing = Firing.from_json(job.data)
    return FiringRecord(
        id=job.id,
        name=firing.name,
        due=datetime.fromtimestamp(firing.due, UTC),
        status="skipped" if job.status == "discarded" else job.status,
        is_call=firing.is_call,
        is_triggered=firing.is_triggered,
        attempt=job.attempt,
        reason=job.error,
        started=_moment(job.started),
        ended=_moment(job.ended),
    )


def firing_records(jobs: Iterable[JobRecord]) -> Iterator[FiringRecord]:
    """The firings among the jobs of the queue: whoever reaches the broker may add something else."""
    for job in jobs:
        try:
            record = firing_record(job)
        except ValueError:
            continue
        yield record


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
