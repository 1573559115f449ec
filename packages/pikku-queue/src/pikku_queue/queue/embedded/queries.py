"""What is asked of jobs, each a function of a connection."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pikku_queue.queue.backoff import Backoff
from pikku_queue.queue.message import Message
from pikku_queue.queue.record import Counts, JobRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from sqlite3 import Connection, Row

    from pikku_queue.queue.record import Status


PENDING = """
select exists (select 1 from jobs where status = 'delayed' and due <= ?)
    or exists (select 1 from jobs where status = 'active' and lease <= ?)
"""


def find(connection: Connection, queue: str, identity: str) -> JobRecord | None:
    """A job."""
    row = connection.execute(
        "select * from jobs where queue = ? and id = ?", (queue, identity)
    ).fetchone()
    return None if row is None else record_of(row)


def counted(connection: Connection, queue: str) -> Counts:
    """How many jobs there are."""
    rows = connection.execute(
        "select status, count(*) as many from jobs where queue = ? group by status", (queue,)
    )
    return Counts(**{row["status"]: row["many"] for row in rows.fetchall()})


def listed(connection: Connection, queue: str, status: Status, limit: int) -> Sequence[JobRecord]:
    """The next jobs of a status."""
    order = {"waiting": "priority desc, number", "delayed": "due, number", "active": "started"}
    by = order.get(status, "ended desc")
    rows = connection.execute(
        f"select * from jobs where queue = ? and status = ? order by {by} limit ?",  # noqa: S608 - one of those above
        (queue, status, limit),
    )
    return [record_of(row) for row in rows.fetchall()]


def queues(connection: Connection) -> list[str]:
    """The queues that have jobs, sorted; their names are looked up one by one, not the jobs."""
    rows = connection.execute(
        "with recursive names (queue) as (select min(queue) from jobs union all "
        "select (select min(queue) from jobs where queue > names.queue) from names where names.queue is not null) "
        "select queue from names where queue is not null"
    )
    return [row["queue"] for row in rows.fetchall()]


def is_pending(connection: Connection, names: Iterable[str], now: float) -> bool:
    """Whether a worker of some queues has anything to do."""
    if connection.execute(PENDING, (now, now)).fetchone()[0]:
        return True
    waiting = "select exists (select 1 from jobs where queue = ? and status = 'waiting')"
    return any(connection.execute(waiting, (name,)).fetchone()[0] for name in names)


def message_of(row: Row) -> Message:
    """The message of a job."""
    return Message(
        id=row["id"],
        queue=row["queue"],
        data=row["data"],
        attempts=row["attempts"],
        backoff=Backoff.from_json(json.loads(row["backoff"])),
        priority=row["priority"],
        due=row["due"],
        expires=row["expires"],
        group=row["job_group"],
        trace_id=row["trace_id"],
        claim=row["claim"],
        enqueued=row["enqueued"],
    )


def record_of(row: Row) -> JobRecord:
    """What is known of a job."""
    return JobRecord(
        id=row["id"],
        queue=row["queue"],
        status=row["status"],
        data=row["data"],
        attempt=row["attempt"],
        attempts=row["attempts"],
        priority=row["priority"],
        progress=None if row["progress"] is None else json.loads(row["progress"]),
        result=row["result"],
        error=row["error"],
        code=row["code"],
        enqueued=row["enqueued"],
        due=row["due"],
        started=row["started"],
        ended=row["ended"],
    )
