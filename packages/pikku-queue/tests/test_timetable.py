"""What `schedule=` says beside cron expressions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_queue.scheduler.timetable import (
    UnknownTimeZoneError,
    between,
    latest,
    timetable_of,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "following"),
    [
        ("@hourly", datetime(2026, 11, 21, 13, tzinfo=UTC)),
        ("@daily", datetime(2026, 11, 22, tzinfo=UTC)),
        ("@weekly", datetime(2026, 11, 22, tzinfo=UTC)),
        ("@monthly", datetime(2026, 12, 1, tzinfo=UTC)),
        ("@yearly", datetime(2027, 1, 1, tzinfo=UTC)),
        ("0 9 * jan mon", datetime(2027, 1, 4, 9, tzinfo=UTC)),
        ("*/15 * * * * *", datetime(2026, 11, 21, 12, 0, 15, tzinfo=UTC)),
        ("@every 90s", datetime(2026, 11, 21, 12, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_schedule_fires_next_when_it_says(schedule: str, following: datetime) -> None:
    assert timetable_of(schedule).after(NOON) == following


def test_an_interval_has_the_same_moments_whenever_it_was_begun() -> None:
    every = timetable_of("@every 7m")
    moments = list(between(every, NOON, NOON + timedelta(hours=1)))
    later = NOON + timedelta(minutes=23)
    assert moments[-5:] == list(between(every, later, NOON + timedelta(hours=1)))
    assert {moment.timestamp() % 420 for moment in moments} == {0}


@pytest.mark.parametrize(
    "schedule", ["@reboot", "@daily 5", "@every", "@every 0s", "@every 1.5s", "@every soon"]
)
def test_what_is_not_well_formed_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match="is not well-formed"):
        timetable_of(schedule)


@pytest.mark.parametrize("zone", ["Berlin", "", "../etc/passwd", "Europe", "CEST"])
def test_a_zone_that_is_not_there_is_told(zone: str) -> None:
    with pytest.raises(UnknownTimeZoneError, match="IANA"):
        timetable_of("@daily", zone)


@given(
    st.sampled_from(["* * * * *", "0 9 * * MON", "0 0 29 2 *", "@every 7h", "0 0 1 * *"]),
    st.integers(0, 3000),
    st.integers(0, 1_000_000),
)
def test_the_last_moment_is_found_without_going_through_all(
    schedule: str, days: int, seconds: int
) -> None:
    timetable = timetable_of(schedule)
    after, until = NOON, NOON + timedelta(days=days, seconds=seconds)
    found = latest(timetable, after, until)
    if found is None:
        assert not list(between(timetable, after, until))
    else:
        assert after < found <= until
        following = timetable.after(found)
        assert following is not None
        assert following > until
