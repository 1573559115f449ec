"""When a cron expression fires, on the nights too on which clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pikku_queue.scheduler.cron import Cron, moment_of
from pikku_queue.scheduler.timetable import between

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MINUTE = timedelta(minutes=1)
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
NIGHTS = [
    ("Europe/Berlin", datetime.fromisoformat("2026-03-29")),
    ("Europe/Berlin", datetime.fromisoformat("2026-10-25")),
    ("America/New_York", datetime.fromisoformat("2026-11-01")),
    ("Australia/Lord_Howe", datetime.fromisoformat("2026-10-04")),  # by half an hour
    ("Australia/Lord_Howe", datetime.fromisoformat("2026-04-05")),
    ("America/Sao_Paulo", datetime.fromisoformat("2018-11-04")),  # from midnight to one
    ("America/Sao_Paulo", datetime.fromisoformat("2018-02-18")),  # from midnight to eleven
    ("Asia/Beirut", datetime.fromisoformat("2026-03-29")),
    ("Pacific/Apia", datetime.fromisoformat("2011-12-30")),  # a day that is not there
    ("Asia/Kolkata", datetime.fromisoformat("2026-03-29")),
]


def fires(schedule: str, zone: str, night: datetime, *, hours: int = 24) -> list[str]:
    """The times on the wall at which it fires, from midnight on."""
    start = night.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(seconds=1)
    moments = between(Cron(schedule, ZoneInfo(zone)), start, start + timedelta(hours=hours))
    return [moment.astimezone(ZoneInfo(zone)).strftime("%H:%M %z") for moment in moments]


SPRING, AUTUMN = datetime.fromisoformat("2026-03-29"), datetime.fromisoformat("2026-10-25")


def test_a_time_of_day_that_is_not_there_fires_once_at_the_end_of_the_gap() -> None:
    assert fires("30 2 * * *", "Europe/Berlin", SPRING) == ["03:00 +0200"]
    assert fires("0,30 2,3 * * *", "Europe/Berlin", SPRING) == ["03:00 +0200", "03:30 +0200"]


def test_a_time_of_day_that_is_there_twice_fires_the_first_time() -> None:
    assert fires("30 2 * * *", "Europe/Berlin", AUTUMN) == ["02:30 +0200"]


def test_a_rhythm_fires_in_real_time() -> None:
    hourly = fires("0 * * * *", "Europe/Berlin", AUTUMN, hours=5)
    assert hourly == ["00:00 +0200", "01:00 +0200", "02:00 +0200", "02:00 +0100", "03:00 +0100"]
    assert fires("0 * * * *", "Europe/Berlin", SPRING, hours=3) == [
        "00:00 +0100",
        "01:00 +0100",
        "03:00 +0200",
    ]


def test_with_seconds_the_same_holds() -> None:
    assert fires("0 30 2 * * *", "Europe/Berlin", SPRING) == ["03:00 +0200"]
    assert fires("0 30 2 * * *", "Europe/Berlin", AUTUMN) == ["02:30 +0200"]


def test_a_day_that_a_zone_has_left_out_fires_at_its_end() -> None:
    zone = ZoneInfo("Pacific/Apia")
    assert moment_of(datetime.fromisoformat("2011-12-30T09:00"), zone) == datetime(
        2011, 12, 31, tzinfo=zone
    )


@pytest.mark.parametrize(
    ("schedule", "part"),
    [
        ("60 * * * *", "minute"),
        ("* 24 * * *", "hour"),
        ("* * 0 * *", "day-of-month"),
        ("* * * FOO *", "month"),
        ("* * * * 8", "day-of-week"),
        ("0 0 30 2 *", "day-of-month"),
        ("* * * *", "five fields"),
        ("", "five fields"),
        ("* * */20 * 1L", "no day"),
    ],
)
def test_what_is_not_well_formed_is_told(schedule: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        Cron(schedule, ZoneInfo("UTC"))


Field = tuple[str, frozenset[int]]


def fields(values: Sequence[int], names: Sequence[str] = ()) -> st.SearchStrategy[Field]:
    """The text of a field, and what it means."""

    def steps(step: int) -> Field:
        return f"*/{step}", frozenset(list(values)[::step])

    def run(ends: tuple[int, int]) -> Field:
        low, high = sorted(ends)
        return f"{low}-{high}", frozenset(range(low, high + 1))

    def some(chosen: frozenset[int]) -> Field:
        spelled = [names[one] if names else str(one) for one in sorted(chosen)]
        return ",".join(spelled), chosen

    one = st.sampled_from(values)
    every = st.just(("*", frozenset(values)))
    listed = st.frozensets(one, min_size=1, max_size=3).map(some)
    return st.one_of(every, st.integers(2, 7).map(steps), st.tuples(one, one).map(run), listed)


def matcher(parts: Sequence[Field]) -> Callable[[datetime], bool]:
    """Whether a time on the wall is one of an expression's."""
    minutes, hours, days, months, weekdays = (meant for _, meant in parts)
    both = parts[2][0].startswith("*") or parts[4][0].startswith("*")

    def matches(wall: datetime) -> bool:
        if not (wall.minute in minutes and wall.hour in hours and wall.month in months):
            return False
        day, weekday = wall.day in days, wall.isoweekday() % 7 in weekdays
        return (day and weekday) if both else (day or weekday)

    return matches


def walked(parts: Sequence[Field], zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Any]:
    """The slow way: looks at the clock on the wall at each minute."""
    matches = matcher(parts)
    is_time_of_day = not (parts[0][0].startswith("*") or parts[1][0].startswith("*"))
    moment = start - timedelta(days=2)
    reached = moment.astimezone(zone).replace(tzinfo=None)
    while moment <= end:
        wall = moment.astimezone(zone).replace(tzinfo=None)
        if not is_time_of_day:
            found = matches(wall)
        else:  # Each time counts when the clock first shows it, or first shows a later one.
            found, passed = False, reached
            while passed < wall:
                passed += MINUTE
                found = found or matches(passed)
            reached = max(reached, wall)
        if found and moment > start:
            yield moment
        moment += MINUTE


@settings(max_examples=60, deadline=None)
@given(
    night=st.sampled_from(NIGHTS),
    parts=st.tuples(
        fields(range(60)),
        fields(range(24)),
        fields(range(1, 32)),
        st.just(("*", frozenset(range(1, 13)))),
        fields(range(7), DAYS),
    ),
    offset=st.integers(-180, 180),
)
def test_it_fires_when_somebody_who_looks_each_minute_says_so(
    night: tuple[str, datetime], parts: tuple[Field, ...], offset: int
) -> None:
    zone = ZoneInfo(night[0])
    start = night[1].replace(tzinfo=zone).astimezone(UTC) + timedelta(minutes=offset)
    end = start + timedelta(days=1)
    cron = Cron(" ".join(text for text, _ in parts), zone)
    assert list(between(cron, start, end)) == list(walked(parts, zone, start, end))
