"""Giving jobs to a worker, each a function of a connection that runs in a transaction."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Final

from pikku_queue.queue.embedded.queries import message_of
from pikku_queue.queue.embedded.settling import record, unreadable
from pikku_queue.queue.message import Delivery

if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Connection

TAKE = """
update jobs set status = 'active', attempt = attempt + 1, started = ?, ended = null, expires = null, lease = ?, token = ?
where number in (select value from json_each(?)) returning *
"""
WAITING = """
select number, job_group from jobs where queue = ? and status = 'waiting'
and job_group not in (select value from json_each(?)) and number not in (select value from json_each(?))
order by priority desc, number
"""
PASSED: Final = 100
"""Jobs that are passed over one by one, because their group has become full, until it is left out of the query."""


def take(
    connection: Connection,
    queue: str,
    *,
    now: float,
    limit: int,
    lease: float,
    token: str,
    per_group: int | None,
) -> list[Delivery]:
    """The next jobs of a queue, which become active; a job that was begun expires no more.

    Args:
        limit: How many at most.
        lease: Seconds until another may have them.
        token: Who has them.
        per_group: How many of one group may be active.
    """
    if per_group is None:
        numbers = _next(connection, queue, limit)
    else:
        numbers = _next_of_groups(connection, queue, limit, per_group)
    if not numbers:
        return []
    rows = connection.execute(TAKE, (now, now + lease, token, json.dumps(numbers))).fetchall()
    rows.sort(key=lambda row: (-row["priority"], row["number"]))
    taken: list[Delivery] = []
    for row in rows:
        try:
            taken.append(Delivery(message=message_of(row), attempt=row["attempt"]))
        except Exception as error:  # noqa: BLE001 - whatever is in the row, the others are taken
            record(connection, row["number"], unreadable(error), now)
    return taken


def promote(connection: Connection, now: float) -> None:
    """Makes jobs whose time has come `waiting`, and discards those which were not begun in theirs."""
    connection.execute(
        "update jobs set status = 'waiting' where status = 'delayed' and due <= ?", (now,)
    )
    connection.execute(
        "update jobs set status = 'discarded', error = 'It expired before it was begun.', ended = ? "
        "where status = 'waiting' and expires < ?",
        (now, now),
    )


def _next(connection: Connection, queue: str, limit: int) -> Sequence[int]:
    rows = connection.execute(
        "select number from jobs where queue = ? and status = 'waiting' order by priority desc, number limit ?",
        (queue, limit),
    )
    return [row["number"] for row in rows.fetchall()]


def _next_of_groups(
    connection: Connection, queue: str, limit: int, per_group: int
) -> Sequence[int]:
    active = Counter[str]()
    for row in connection.execute(
        "select job_group, count(*) as many from jobs where queue = ? and status = 'active' and job_group <> '' "
        "group by job_group",
        (queue,),
    ):
        active[row["job_group"]] = row["many"]
    numbers: list[int] = []
    passed = PASSED
    while passed == PASSED and len(numbers) < limit:
        full = [group for group, many in active.items() if group and many >= per_group]
        passed = 0
        waiting = connection.execute(WAITING, (queue, json.dumps(full), json.dumps(numbers)))
        for row in waiting:
            group = row["job_group"]
            if group and active[group] >= per_group:
                passed += 1
            else:
                active[group] += 1
                numbers.append(row["number"])
            if passed == PASSED or len(numbers) == limit:
                break
        waiting.close()
    return numbers
