"""What is done to jobs, each a function of a connection that runs in a transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pikku_queue.queue.attempt import lost
from pikku_queue.queue.embedded.queries import message_of
from pikku_queue.queue.message import Delivery
from pikku_queue.queue.outcome import Completed, Discarded, Failed, Retried, Returned
from pikku_queue.queue.record import SETTLED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from sqlite3 import Connection, Row

    from pikku_queue.queue.message import Message
    from pikku_queue.queue.outcome import Outcome
    from pikku_queue.queue.record import Status

INSERT = """
insert into jobs (queue, id, status, data, attempts, backoff, priority, due, expires, job_group, trace_id, claim, enqueued)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def insert(connection: Connection, messages: Iterable[Message]) -> list[str]:
    """Takes messages; one whose id a job has that is not settled is passed over."""
    ids: list[str] = []
    for message in messages:
        ids.append(message.id)
        key = (message.queue, message.id)
        found = connection.execute(
            "select status from jobs where queue = ? and id = ?", key
        ).fetchone()
        if found is not None:
            if found["status"] not in SETTLED:
                continue
            connection.execute("delete from jobs where queue = ? and id = ?", key)
        status = "waiting" if message.due is None else "delayed"
        backoff = json.dumps(message.backoff.to_json())
        connection.execute(
            INSERT,
            (
                *key,
                status,
                message.data,
                message.attempts,
                backoff,
                message.priority,
                message.due,
                message.expires,
                message.group,
                message.trace_id,
                message.claim,
                message.enqueued,
            ),
        )
    return ids


def take(
    connection: Connection,
    queue: str,
    *,
    now: float,
    limit: int,
    lease: float,
    token: str,
    per_group: int | None,
    interval: float,
) -> list[Delivery]:
    """The next jobs of a queue, which become active.

    Args:
        limit: How many at most.
        lease: Seconds until another may have them.
        token: Who has them.
        per_group: How many of one group may be active.
        interval: Seconds between two jobs; 0: none.
    """
    if interval:
        limit = min(limit, _allowed(connection, queue, now))
    taken: list[Delivery] = []
    for row in _next(connection, queue, limit if per_group is None else -1):
        if len(taken) == limit:
            break
        if per_group is not None and row["job_group"]:
            active = connection.execute(
                "select count(*) from jobs where queue = ? and status = 'active' and job_group = ?",
                (queue, row["job_group"]),
            ).fetchone()[0]
            if active >= per_group:
                continue
        connection.execute(
            "update jobs set status = 'active', attempt = attempt + 1, started = ?, ended = null, lease = ?, token = ? "
            "where number = ?",
            (now, now + lease, token, row["number"]),
        )
        taken.append(Delivery(message=message_of(row), attempt=row["attempt"] + 1))
    if interval and taken:
        _begin(connection, queue, now + interval)
    return taken


def promote(connection: Connection, now: float) -> None:
    """Makes jobs whose time has come `waiting`."""
    connection.execute(
        "update jobs set status = 'waiting' where status = 'delayed' and due <= ?", (now,)
    )


def reclaim(connection: Connection, now: float) -> None:
    """Takes jobs away from workers that gave no sign of life: that attempt was lost."""
    rows = connection.execute(
        "select * from jobs where status = 'active' and lease <= ?", (now,)
    ).fetchall()
    for row in rows:
        _settle(connection, row, lost(message_of(row), row["attempt"]), now)


def renew(
    connection: Connection, held: Mapping[tuple[str, str, str], float]
) -> list[tuple[str, str, str]]:
    """Gives a sign of life for jobs; returns those that this worker has no more.

    Args:
        held: Queue, job and token, with the end of each one's lease.
    """
    gone: list[tuple[str, str, str]] = []
    for (queue, identity, token), until in held.items():
        changed = connection.execute(
            "update jobs set lease = ? where queue = ? and id = ? and status = 'active' and token = ?",
            (until, queue, identity, token),
        )
        if not changed.rowcount:
            gone.append((queue, identity, token))
    return gone


def settle(
    connection: Connection, delivery: Delivery, token: str, outcome: Outcome, now: float
) -> bool:
    """Records what an attempt came to, if the worker still has the job; says whether."""
    message = delivery.message
    row = connection.execute(
        "select * from jobs where queue = ? and id = ? and status = 'active' and token = ? and attempt = ?",
        (message.queue, message.id, token, delivery.attempt),
    ).fetchone()
    if row is None:
        return False
    _settle(connection, row, outcome, now)
    return True


def _settle(connection: Connection, row: Row, outcome: Outcome, now: float) -> None:
    status: Status
    changes: dict[str, Any] = {"lease": None, "token": None, "ended": now}
    match outcome:
        case Completed(result=result):
            status = "completed"
            changes |= {"result": result, "error": "", "code": ""}
        case Retried(after=after, error=error, code=code):
            status = "delayed"
            changes |= {"due": now + after, "error": error, "code": code}
        case Failed(error=error, code=code):
            status = "failed"
            changes |= {"error": error, "code": code}
        case Discarded(reason=reason):
            status = "discarded"
            changes |= {"error": reason}
        case Returned():
            status = "waiting"
            changes |= {"attempt": row["attempt"] - 1, "started": None, "ended": None}
    changes["status"] = status
    columns = ", ".join(f"{name} = ?" for name in changes)
    connection.execute(
        f"update jobs set {columns} where number = ?",  # noqa: S608 - names of columns that stand above
        (*changes.values(), row["number"]),
    )


def cancel(connection: Connection, queue: str, identity: str, now: float) -> bool:
    """Makes a job that is not settled `cancelled`; says whether there was one."""
    changed = connection.execute(
        "update jobs set status = 'cancelled', lease = null, token = null, ended = ? where queue = ? and id = ? "
        "and status in ('waiting', 'delayed', 'active')",
        (now, queue, identity),
    )
    return changed.rowcount > 0


def retry(connection: Connection, queue: str, identity: str, now: float) -> bool:
    """Makes a failed, discarded or cancelled job `waiting` again, with all its attempts; says whether there was one."""
    changed = connection.execute(
        "update jobs set status = 'waiting', attempt = 0, due = null, expires = null, started = null, ended = null, "
        "error = '', code = '', progress = null, enqueued = ? where queue = ? and id = ? "
        "and status in ('failed', 'discarded', 'cancelled')",
        (now, queue, identity),
    )
    return changed.rowcount > 0


def report(connection: Connection, queue: str, identity: str, progress: str) -> None:
    """Records the progress of an active job, as JSON."""
    connection.execute(
        "update jobs set progress = ? where queue = ? and id = ? and status = 'active'",
        (progress, queue, identity),
    )


def purge(connection: Connection, queue: str, before: float) -> None:
    """Forgets jobs that were settled before a moment; failed ones are kept."""
    connection.execute(
        "delete from jobs where queue = ? and status in ('completed', 'discarded', 'cancelled') and ended < ?",
        (queue, before),
    )


def _next(connection: Connection, queue: str, limit: int) -> Sequence[Row]:
    return connection.execute(
        "select * from jobs where queue = ? and status = 'waiting' order by priority desc, number limit ?",
        (queue, limit),
    ).fetchall()


def _allowed(connection: Connection, queue: str, now: float) -> int:
    """How many jobs of a queue with a rate limit may begin now: one, where the interval after the last is over."""
    row = connection.execute("select next from begun where queue = ?", (queue,)).fetchone()
    return 1 if row is None or now >= row["next"] else 0


def _begin(connection: Connection, queue: str, following: float) -> None:
    connection.execute(
        "insert into begun (queue, next) values (?, ?) on conflict (queue) do update set next = excluded.next",
        (queue, following),
    )
