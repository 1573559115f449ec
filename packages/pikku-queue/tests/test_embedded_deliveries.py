"""Which jobs of a file a worker is given."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_queue import WorkerConfig
from pikku_queue.queue.embedded import deliveries, jobs, purge, settling
from pikku_queue.queue.embedded.rate import Rate
from pikku_queue.queue.embedded.store import connected
from pikku_queue.queue.outcome import Completed, Failed, Retried
from pikku_queue.testing.conformance.recorder import QUEUE, message

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from pikku_queue.queue.message import Delivery, Message
    from pikku_queue.queue.outcome import Outcome

NOW = float(int(time.time()))


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    found = connected(":memory:")
    yield found
    found.close()


def add(connection: sqlite3.Connection, *messages: Message) -> list[str]:
    return jobs.insert(connection, messages)


def take(connection: sqlite3.Connection, *, now: float = NOW, **options: Any) -> list[Delivery]:
    given: dict[str, Any] = {"limit": 10, "lease": 60, "token": "t", "per_group": None} | options
    return deliveries.take(connection, QUEUE, now=now, **given)


def ids(taken: list[Delivery]) -> list[str]:
    return [one.message.id for one in taken]


def status(connection: sqlite3.Connection, job: str) -> tuple[str, str, str]:
    row = connection.execute("select * from jobs where id = ?", (job,)).fetchone()
    return row["status"], row["code"], row["error"]


def test_jobs_of_a_full_group_are_passed_over_without_reading_them(
    connection: sqlite3.Connection,
) -> None:
    add(connection, *[message(group="ada", data="x" * 100) for _ in range(500)])
    (first,) = ids(take(connection, per_group=1))
    (other,) = add(connection, message(group="bob"))
    assert ids(take(connection, per_group=1)) == [other]
    plan = connection.execute(
        f"explain query plan {deliveries.WAITING}", (QUEUE, "[]", "[]")
    ).fetchall()
    read = [row["detail"] for row in plan]
    assert any("USING COVERING INDEX next_jobs" in one for one in read), read
    assert first != other


@given(st.lists(st.sampled_from(["", "a", "b", "c"]), max_size=40), st.integers(1, 3))
def test_no_group_has_more_jobs_than_it_may_and_the_others_come_in_order(
    groups: list[str], per_group: int
) -> None:
    found, seen, expected = connected(":memory:"), Counter[str](), list[str]()
    with patch.object(deliveries, "PASSED", 2), closing(found):
        added = add(found, *[message(group=group) for group in groups])
        for job, group in zip(added, groups, strict=True):
            seen[group] += 1
            if not group or seen[group] <= per_group:
                expected.append(job)
        assert ids(take(found, per_group=per_group, limit=100)) == expected


def test_jobs_without_a_group_have_no_limit_of_groups(connection: sqlite3.Connection) -> None:
    added = add(connection, *[message() for _ in range(3)], message(group="ada"))
    assert ids(take(connection, per_group=1)) == added


@pytest.mark.parametrize(
    "change", ["backoff = 'none'", 'backoff = \'{"kind": "later"}\'', "backoff = '[]'"]
)
def test_a_job_that_cannot_be_read_is_a_dead_letter_and_the_others_are_taken(
    connection: sqlite3.Connection, change: str
) -> None:
    bad, good = add(connection, message(), message())
    connection.execute(f"update jobs set {change} where id = ?", (bad,))
    assert ids(take(connection)) == [good]
    assert status(connection, bad)[:2] == ("failed", "job_unreadable")
    assert "cannot be read" in status(connection, bad)[2]


def test_a_job_that_cannot_be_read_any_more_is_a_dead_letter_when_its_worker_is_lost(
    connection: sqlite3.Connection,
) -> None:
    bad, good = add(connection, message(), message(attempts=2))
    take(connection, lease=1)
    connection.execute("update jobs set backoff = '' where id = ?", (bad,))
    settling.reclaim(connection, NOW + 2)
    assert status(connection, bad)[:2] == ("failed", "job_unreadable")
    assert status(connection, good)[:2] == ("delayed", "worker_lost")


def test_a_job_that_was_not_begun_in_its_time_is_discarded_before_it_takes_a_slot(
    connection: sqlite3.Connection,
) -> None:
    late, good = add(connection, message(expires=NOW - 1), message(expires=NOW + 1))
    deliveries.promote(connection, NOW)
    assert status(connection, late) == ("discarded", "", "It expired before it was begun.")
    assert ids(take(connection, limit=1)) == [good]


@pytest.mark.parametrize("how", ["retried", "lost", "given back"])
def test_a_job_that_was_begun_in_its_time_expires_no_more(
    connection: sqlite3.Connection, how: str
) -> None:
    (job,) = add(connection, message(expires=NOW + 1, attempts=3))
    (delivery,) = take(connection, lease=1)
    match how:
        case "retried":
            outcome = Retried(after=1, error="no")
            assert settling.settle(connection, delivery, "t", outcome, NOW)
        case "lost":
            settling.reclaim(connection, NOW + 2)
        case _:
            settling.give_back(connection, [(QUEUE, job, "t")])
    deliveries.promote(connection, NOW + 100)
    assert ids(take(connection, now=NOW + 100)) == [job]


def settle(connection: sqlite3.Connection, job: Message, outcome: Outcome, now: float) -> None:
    add(connection, job)
    (delivery,) = deliveries.take(
        connection, job.queue, now=now, limit=1, lease=60, token="t", per_group=None
    )
    assert settling.settle(connection, delivery, "t", outcome, now)


def test_settled_jobs_of_all_queues_are_forgotten_in_time_and_dead_letters_are_not(
    connection: sqlite3.Connection,
) -> None:
    purge.keep(connection, {"long": WorkerConfig(keep="1d")}, NOW)
    settle(connection, message(id="done"), Completed(), NOW - 4000)
    settle(connection, message(id="new"), Completed(), NOW)
    settle(connection, message(id="dead"), Failed(error="no"), NOW - 4000)
    settle(connection, replace(message(id="gone"), queue="of-nobody"), Completed(), NOW - 4000)
    settle(connection, replace(message(id="long"), queue="long"), Completed(), NOW - 4000)
    assert not purge.purge(connection, NOW)
    left = connection.execute("select id from jobs order by id").fetchall()
    assert [row["id"] for row in left] == ["dead", "long", "new"]


def test_jobs_of_a_queue_that_nobody_knows_any_more_are_dead_letters(
    connection: sqlite3.Connection,
) -> None:
    known, stray, late = (
        replace(message(), queue="known"),
        replace(message(), queue="stray"),
        replace(message(due=NOW + 1e9), queue="stray"),
    )
    add(connection, known, stray, late)
    purge.abandon(connection, NOW)
    later = NOW + purge.ABANDONED + 1
    purge.keep(connection, {"known": WorkerConfig()}, later)
    purge.abandon(connection, later)
    assert status(connection, known.id)[0] == "waiting"
    for job in (stray, late):
        assert status(connection, job.id)[:2] == ("failed", "queue_abandoned")


def test_no_more_jobs_are_forgotten_at_once_than_others_can_wait_for(
    connection: sqlite3.Connection,
) -> None:
    add(connection, *[message() for _ in range(purge.AT_ONCE + 1)])
    connection.execute("update jobs set status = 'completed', ended = 1")
    assert purge.purge(connection, NOW)
    assert connection.execute("select count(*) from jobs").fetchone()[0] == 1
    assert not purge.purge(connection, NOW)


def test_a_rate_is_kept_and_what_was_not_looked_at_is_made_up_for(
    connection: sqlite3.Connection,
) -> None:
    rate = Rate.of("64/s")
    assert rate is not None
    begun: list[int] = []
    for now in (NOW + one / 64 for one in (0, 0.5, 3, 4, 320, 320.5)):
        many, due = rate.allowed(connection, QUEUE, now)
        rate.begin(connection, QUEUE, many, due)
        begun.append(many)
    assert begun == [1, 0, 3, 1, 6, 0]


def test_a_clock_that_goes_back_stops_no_queue(connection: sqlite3.Connection) -> None:
    rate = Rate.of("1/h")
    assert rate is not None
    rate.begin(connection, QUEUE, 1, NOW)
    assert rate.allowed(connection, QUEUE, NOW + 1)[0] == 0
    assert rate.allowed(connection, QUEUE, NOW - 86_400)[0] == 1
