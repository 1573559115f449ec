from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pikku_core import App, pikku_sessionless_func
from pikku_core.services import Clock, system_clock
from pikku_core.testing import MovableClock, run_app


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pikku_sessionless_func
async def year(*, clock: Clock) -> int:
    return clock.now().year


@pikku_sessionless_func
async def nap(*, clock: Clock) -> float:
    await clock.sleep(60)
    return clock.monotonic()


def test_it_stands_still_until_it_is_moved() -> None:
    clock = MovableClock(datetime(2030, 1, 1, 12, tzinfo=UTC))
    assert clock.now() == clock.now() == datetime(2030, 1, 1, 12, tzinfo=UTC)
    clock.move(1.5)
    clock.move(timedelta(minutes=1), hours=1, days=2)
    assert clock.monotonic() == 1.5 + 60 + 3600 + 2 * 86400
    assert clock.now() == datetime(2030, 1, 3, 13, 1, 1, 500000, tzinfo=UTC)


def test_its_time_is_in_utc() -> None:
    east = timezone(timedelta(hours=2))
    assert MovableClock(datetime(2030, 1, 1, 12, tzinfo=east)).now().isoformat() == (
        "2030-01-01T10:00:00+00:00"
    )


def test_a_start_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match='"start" has no time zone'):
        MovableClock(datetime(2030, 1, 1))  # noqa: DTZ001 -- that is what is refused


def test_it_is_not_moved_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        MovableClock().move(-1)


@pytest.mark.parametrize("seconds", [float("nan"), float("inf")])
def test_it_is_not_moved_by_what_is_no_time(seconds: float) -> None:
    clock = MovableClock()
    with pytest.raises(ValueError, match="by a number of seconds"):
        clock.move(seconds)
    assert clock.monotonic() == 0


@pytest.mark.anyio
async def test_sleepers_wake_in_the_order_of_their_times() -> None:
    clock, woken = MovableClock(), list[int]()

    async def sleep(seconds: int) -> None:
        await clock.sleep(seconds)
        woken.append(seconds)

    async with asyncio.TaskGroup() as group:
        for seconds in (30, 10, 20, 0):
            group.create_task(sleep(seconds))
        await clock.until_sleeping(3)
        clock.move(15)
        assert clock.sleeping == 2
        clock.move(100)
    assert woken == [0, 10, 20, 30]


@pytest.mark.anyio
async def test_who_is_cancelled_sleeps_no_longer() -> None:
    clock = MovableClock()
    task = asyncio.create_task(clock.sleep(10))
    await clock.until_sleeping()
    task.cancel()
    await asyncio.wait({task})
    assert clock.sleeping == 0


def test_a_test_in_another_thread_waits_for_sleepers_and_moves_it() -> None:
    clock = MovableClock()
    with run_app(App(functions=[nap], instances={"clock": clock})) as app:
        napping = app.portal.start_task_soon(app.app.invoke, "nap")
        clock.wait_for_sleepers()
        clock.move(60)
        assert napping.result(10) == 60


def test_waiting_for_sleepers_ends() -> None:
    with pytest.raises(TimeoutError, match="0 sleep and not 1"):
        MovableClock().wait_for_sleepers(timeout=0)


def test_the_clock_of_the_machine_is_a_service() -> None:
    with run_app(App(functions=[year], services=[system_clock])) as app:
        assert app.call("year") in {datetime.now(UTC).year, (datetime.now(UTC) - timedelta(1)).year}


@pytest.mark.anyio
async def test_the_clock_of_the_machine_goes_on_while_somebody_sleeps() -> None:
    clock = system_clock()
    before = clock.monotonic()
    await clock.sleep(0.01)
    await clock.sleep(-1)
    assert clock.monotonic() >= before + 0.009
    assert clock.now().tzinfo is UTC
