"""What producers do to jobs, each a function of a connection that runs in a transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pikku_queue.queue.record import SETTLED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection

    from pikku_queue.queue.message import Message

INSERT = """
insert into jobs (queue, id, status, data, attempts, backoff, priority, due, expires, job_group, trace_id, claim, enqueued)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def insert(connection: Connection, messages: Iterable[Message]) -> list[str]:
    """Takes messages; one whose id a job has that is not settled, or any job where it is for once, is passed over."""
    ids: list[str] = []
    for message in messages:
        ids.append(message.id)
        key = (message.queue, message.id)
        found = connection.execute(
            "select status from jobs where queue = ? and id = ?", key
        ).fetchone()
        if found is not None:
            if message.once or found["status"] not in SETTLED:
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


def remove(connection: Connection, queue: str, identity: str) -> bool:
    """Forgets a settled job; says whether there was one."""
    changed = connection.execute(
        "delete from jobs where queue = ? and id = ? and status not in ('waiting', 'delayed', 'active')",
        (queue, identity),
    )
    return changed.rowcount > 0


def report(connection: Connection, queue: str, identity: str, progress: str) -> None:
    """Records the progress of an active job, as JSON."""
    connection.execute(
        "update jobs set progress = ? where queue = ? and id = ? and status = 'active'",
        (progress, queue, identity),
    )
