"""Forgetting settled jobs, each a function of a connection that runs in a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.duration import seconds_of
from pikku_queue.queue.embedded.queries import queues
from pikku_queue.queue.worker_config import WorkerConfig

if TYPE_CHECKING:
    from collections.abc import Mapping
    from sqlite3 import Connection

AT_ONCE: Final = 1000
"""Jobs of one transaction at most: whoever waits for the file waits for these."""


ABANDONED: Final = 30 * 86_400.0
"""Seconds without a worker after which the jobs of a queue are dead letters: nobody knows the queue any more."""
ABANDON = """
update jobs set status = 'failed', error = 'No worker has looked at its queue for 30 days.', code = 'queue_abandoned', ended = ?
where number in (select number from jobs where queue = ? and status in ('waiting', 'delayed') limit ?)
"""


def keep(connection: Connection, configs: Mapping[str, WorkerConfig], now: float) -> None:
    """Notes which queues have a worker, and for how long their jobs are kept, for processes that do not work them off."""
    for queue, config in configs.items():
        connection.execute(
            "insert into kept (queue, seconds, seen) values (?, ?, ?) on conflict (queue) "
            "do update set seconds = excluded.seconds, seen = excluded.seen",
            (queue, seconds_of(config.keep), now),
        )


def abandon(connection: Connection, now: float) -> None:
    """Makes dead letters of jobs whose queue has had no worker for long, counted from when that was first seen."""
    for queue in queues(connection):
        connection.execute(
            "insert into kept (queue, seen) values (?, ?) on conflict do nothing", (queue, now)
        )
        row = connection.execute("select seen from kept where queue = ?", (queue,)).fetchone()
        if row["seen"] < now - ABANDONED:
            connection.execute(ABANDON, (now, queue, AT_ONCE))


def purge(connection: Connection, now: float) -> bool:
    """Forgets jobs of all queues that have been kept for their time; failed ones stay. Says whether there are more."""
    notes = connection.execute(
        "select queue, seconds from kept where seconds is not null"
    ).fetchall()
    kept: dict[str, float] = {row["queue"]: row["seconds"] for row in notes}
    left = AT_ONCE
    for queue in queues(connection):
        before = now - kept.get(queue, seconds_of(WorkerConfig().keep))
        left -= connection.execute(
            "delete from jobs where number in (select number from jobs where queue = ? "
            "and status in ('completed', 'discarded', 'cancelled') and ended < ? limit ?)",
            (queue, before, left),
        ).rowcount
        if not left:
            return True
    return False
