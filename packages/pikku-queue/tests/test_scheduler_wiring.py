"""What `wire_scheduler` refuses, and which moments it means."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pikku_core import DeclarationError, pikku_sessionless_func
from pikku_queue import wire_scheduler
from pikku_queue.scheduler.entry import AT_ONCE, Entry

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC).timestamp()


@pikku_sessionless_func
async def digest() -> None: ...


def entry(schedule: str = "0 * * * *", **options: Any) -> Entry:
    return Entry.of(wire_scheduler(name="digest", schedule=schedule, func=digest, **options))


def test_a_schedule_is_known_by_its_name() -> None:
    wiring = wire_scheduler(name="daily.digest", schedule="@daily", func=digest)
    assert (wiring.id, wiring.timezone, wiring.overlap) == ("scheduler:daily.digest", "UTC", "skip")


@pytest.mark.parametrize("name", ["", "the digest", "1st", "a/b", "a" * 101])
def test_a_name_that_is_not_well_formed_is_refused(name: str) -> None:
    with pytest.raises(DeclarationError, match="must begin with a letter"):
        wire_scheduler(name=name, schedule="@daily", func=digest)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"schedule": "0 24 * * *"}, "its hour"),
        ({"timezone": "Berlin"}, "no time zone"),
        ({"overlap": "never"}, '"overlap" of a schedule is one of'),
        ({"misfire": "never"}, '"misfire" of a schedule is one of'),
        ({"misfire": "all"}, '"overlap" is "queue" or "allow"'),
        ({"jitter": "soon"}, '"jitter" of a schedule'),
        ({"timeout": 0}, '"timeout" of a schedule'),
        ({"attempts": 0}, '"attempts" of a schedule'),
        ({"middleware": digest}, "must be a list"),
    ],
)
def test_an_option_that_cannot_be_honoured_is_refused(
    options: dict[str, Any], message: str
) -> None:
    given: dict[str, Any] = {"name": "digest", "schedule": "@daily", "func": digest, **options}
    with pytest.raises(DeclarationError, match=message):
        wire_scheduler(**given)


def test_what_is_late_by_less_than_a_minute_fires_whatever_misfire_says() -> None:
    assert entry().missed(NOON - 1800, NOON + 59) == [NOON]
    assert entry().missed(NOON - 1800, NOON + 61) == []
    assert entry(misfire="once").missed(NOON - 1800, NOON + 61) == [NOON]


def test_of_many_moments_that_are_late_the_last_one_fires() -> None:
    assert entry("* * * * * *").missed(NOON, NOON + 30) == [NOON + 30]


def test_all_that_was_missed_fires_a_thousand_at_a_time() -> None:
    every = entry("* * * * *", misfire="all", overlap="queue")
    found = every.missed(NOON, NOON + 60 * 2500)
    assert len(found) == AT_ONCE
    assert found[:2] == [NOON + 60, NOON + 120]


def test_jitter_differs_from_moment_to_moment_and_stays_below_its_limit() -> None:
    delayed = [entry(jitter="1m").message(NOON + hour * 3600, now=NOON).due for hour in range(50)]
    late = [(due or 0.0) - NOON - hour * 3600 for hour, due in enumerate(delayed)]
    assert len(set(late)) == 50
    assert 0 < min(late) < 15
    assert 45 < max(late) < 60
