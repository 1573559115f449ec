"""The beat by a clock that is moved: nights on which clocks are changed, clocks that are set, many schedules."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core.services.clock import SystemClock
from pikku_core.testing import MovableClock
from pikku_queue.queue.embedded.backend import EmbeddedBackend
from pikku_queue.scheduler import QUEUE
from pikku_queue.testing.conformance.schedules import beat_of, entry, fired

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pikku_queue.scheduler.entry import Entry

pytestmark = pytest.mark.anyio


class SetClock(MovableClock):
    """A clock that can be set, backwards too."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong = timedelta()

    def now(self) -> datetime:
        return super().now() + self.wrong


@asynccontextmanager
async def in_memory() -> AsyncGenerator[EmbeddedBackend]:
    async with EmbeddedBackend(":memory:", clock=SystemClock()) as backend:
        yield backend


async def night(start: datetime, *entries: Entry) -> list[str]:
    """What fires from a moment on, for six hours, where somebody looks each minute."""
    clock = MovableClock(start)
    async with in_memory() as backend:
        beat = beat_of(backend, clock, *entries)
        for _ in range(360):
            await beat.look()
            clock.move(60)
        return await fired(backend)


def berlin(schedule: str, **options: Any) -> Entry:
    return entry(schedule=schedule, timezone="Europe/Berlin", overlap="allow", **options)


async def test_in_spring_a_time_in_the_gap_fires_once_at_its_end() -> None:
    ids = await night(datetime(2026, 3, 28, 22, tzinfo=UTC), berlin("30 2 * * *"))
    assert ids == ["digest:2026-03-29T01:00:00Z"]


async def test_in_autumn_a_time_that_is_there_twice_fires_once() -> None:
    ids = await night(datetime(2026, 10, 24, 22, tzinfo=UTC), berlin("30 2 * * *"))
    assert ids == ["digest:2026-10-25T00:30:00Z"]


async def test_in_autumn_an_hourly_schedule_fires_each_real_hour() -> None:
    ids = await night(datetime(2026, 10, 24, 22, 30, tzinfo=UTC), berlin("0 * * * *"))
    assert ids == [
        *("digest:2026-10-24T23:00:00Z", "digest:2026-10-25T00:00:00Z"),
        *(f"digest:2026-10-25T0{hour}:00:00Z" for hour in (1, 2, 3, 4)),
    ]


async def test_a_clock_that_is_set_back_a_little_fires_nothing_twice() -> None:
    clock = SetClock()
    async with in_memory() as backend:
        beat = beat_of(backend, clock, entry(overlap="allow"))
        await beat.look()
        clock.move(hours=1)
        await beat.look()
        clock.wrong = timedelta(minutes=-30)
        for _ in range(4):
            await beat.look()
            clock.move(60 * 15)
        assert await fired(backend) == ["digest:2030-01-01T01:00:00Z"]
        clock.move(60 * 30)
        await beat.look()
        assert len(await fired(backend)) == 2


async def test_a_clock_that_was_far_ahead_holds_nothing_up_once_it_is_right() -> None:
    clock = SetClock()
    async with in_memory() as backend:
        beat = beat_of(backend, clock, entry(overlap="allow"))
        clock.wrong = timedelta(days=365)
        await beat.look()
        clock.move(hours=1)
        await beat.look()
        clock.wrong = timedelta()
        await beat.look()
        clock.move(hours=1)
        await beat.look()
        assert await fired(backend) == [
            "digest:2030-01-01T02:00:00Z",
            "digest:2031-01-01T01:00:00Z",
        ]


async def test_a_clock_that_jumps_ahead_has_missed_what_lies_between() -> None:
    clock = SetClock()
    async with in_memory() as backend:
        beat = beat_of(backend, clock, entry(), entry("once", misfire="once"))
        await beat.look()
        clock.wrong = timedelta(hours=5, minutes=10)
        await beat.look()
        assert await fired(backend) == ["once:2030-01-01T05:00:00Z"]


async def test_a_beat_sleeps_until_something_is_due_however_many_schedules_there_are() -> None:
    clock = MovableClock()
    schedules = [entry(f"s{number}", f"{number % 60} 9 * * *") for number in range(1000)]
    async with in_memory() as backend:
        beat = beat_of(backend, clock, *schedules)
        looks = 0
        while clock.now() < datetime(2030, 1, 1, 10, tzinfo=UTC):
            clock.move(await beat.look())
            looks += 1
        counts = await backend.counts(QUEUE)
    assert counts.waiting == 1000
    # The lease of a minute is renewed three times in it, and each minute of the hour has firings.
    assert looks <= 10 * 60 * 3 + 60
