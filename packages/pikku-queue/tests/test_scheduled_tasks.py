"""Scheduled tasks of an App: fired through the whole pipeline, and what `schedule` does."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    DeclarationError,
    FunctionNotFoundError,
    InvalidDataError,
    pikku_func,
    pikku_service,
    pikku_session,
    pikku_sessionless_func,
)
from pikku_core.services import Clock, Signer
from pikku_core.services.clock import system_clock
from pikku_queue import (
    Claims,
    JobNotCompletedError,
    Schedule,
    ScheduledTask,
    ScheduleNotFoundError,
    SyncSchedule,
    queue_connection,
    schedule_connection,
    schedule_service,
    wire_scheduler,
)
from pikku_queue.plugin import pikku_shutdown, pikku_startup
from pikku_queue.queue.message import Message
from pikku_queue.scheduler import QUEUE
from pikku_queue.scheduler.entry import Entry
from pikku_queue.scheduler.serve import following, scheduling

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

pytestmark = pytest.mark.anyio

SECONDLY = "* * * * * *"
NEVER = "0 0 1 1 *"


class Mail(BaseModel):
    to: str


@pikku_session
class Session(BaseModel):
    user: str


@pikku_service(name="queue_claims")
def claims() -> Claims:
    return Claims(Session, Signer(["s" * 32]))


@pikku_sessionless_func
async def ask_for_schedule(*, schedule: Schedule) -> None:
    """Lets the App have `schedule`, as any function does that asks for it."""


@pikku_sessionless_func
async def send(data: Mail, *, scheduled_task: ScheduledTask) -> str:
    return f"{scheduled_task.name} to {data.to}, attempt {scheduled_task.attempt}"


@pikku_func
async def whoami(*, session: Session) -> str:
    return session.user


@asynccontextmanager
async def app_of(
    func: Callable[..., Any], *services: Callable[..., Any], schedule: str = NEVER, **options: Any
) -> AsyncGenerator[App]:
    """An App in which a function is scheduled, running."""
    wiring = wire_scheduler(name="task", schedule=schedule, func=func, **options)
    given = (schedule_service, schedule_connection, queue_connection, system_clock)
    app = App(
        [wiring],
        functions=[ask_for_schedule, send, whoami],
        services=[*given, *services],
        startup=[pikku_startup],
        shutdown=[pikku_shutdown],
    )
    async with app, scheduling(app):
        yield app


@asynccontextmanager
async def schedule_of(
    func: Callable[..., Any], *services: Callable[..., Any], **options: Any
) -> AsyncGenerator[Schedule]:
    """What looks after the schedules of such an App."""
    async with app_of(func, *services, **options) as app:
        yield app.service("schedule")


async def test_a_function_is_called_when_its_time_has_come() -> None:
    seen: list[ScheduledTask] = []

    @pikku_sessionless_func
    async def tick(*, scheduled_task: ScheduledTask, clock: Clock) -> str:
        seen.append(scheduled_task)
        assert clock.now() >= scheduled_task.due
        return "ticked"

    async with schedule_of(tick, schedule=SECONDLY, timezone="Asia/Kolkata") as schedule:
        (record,) = await schedule.list()
        assert record.next is not None
        while not (done := [one for one in await schedule.firings("task") if one.ended]):  # noqa: ASYNC110 - a store tells nobody
            await asyncio.sleep(0.02)
    task = seen[0]
    assert done[-1].status == "completed"
    assert (task.name, task.attempt, task.is_triggered) == ("task", 1, False)
    assert (task.due.microsecond, task.due.utcoffset()) == (0, timedelta(hours=5, minutes=30))
    assert task.id == f"task:{task.due.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


async def test_a_schedule_is_triggered_now() -> None:
    @pikku_sessionless_func
    async def tick(*, scheduled_task: ScheduledTask) -> bool:
        return scheduled_task.is_triggered

    async with schedule_of(tick, enabled=False) as schedule:
        handle = await schedule.trigger("task")
        assert await handle.result(within="10s") is True
        (record,) = await schedule.list()
    assert record.last is not None
    assert (record.last.status, record.last.is_triggered, record.next) == ("completed", True, None)


async def test_a_firing_that_is_skipped_is_no_failure() -> None:
    @pikku_sessionless_func
    async def skip(*, scheduled_task: ScheduledTask) -> None:
        scheduled_task.skip("Nobody is there.")

    async with schedule_of(skip, attempts=3) as schedule:
        handle = await schedule.trigger("task")
        with pytest.raises(JobNotCompletedError, match="Nobody is there"):
            await handle.result(within="10s")
        (firing,) = await schedule.firings("task")
    assert (firing.status, firing.reason, firing.attempt) == ("skipped", "Nobody is there.", 1)


async def test_a_firing_that_raises_is_tried_as_often_as_it_says() -> None:
    attempts: list[int] = []

    @pikku_sessionless_func
    async def fail(*, scheduled_task: ScheduledTask) -> None:
        attempts.append(scheduled_task.attempt)
        raise RuntimeError("no")

    async with schedule_of(fail, attempts=2) as schedule:
        handle = await schedule.trigger("task")
        with pytest.raises(JobNotCompletedError):
            await handle.result(within="10s")
        (firing,) = await schedule.firings()
    assert (attempts, firing.status, firing.attempt) == ([1, 2], "failed", 2)


async def test_a_firing_that_takes_too_long_has_failed() -> None:
    @pikku_sessionless_func
    async def hang(*, clock: Clock) -> None:
        await clock.sleep(3600)

    async with schedule_of(hang, timeout="20ms") as schedule:
        handle = await schedule.trigger("task")
        with pytest.raises(JobNotCompletedError, match="longer than"):
            await handle.result(within="10s")


async def test_one_that_is_triggered_while_it_runs_is_skipped() -> None:
    running, go = asyncio.Event(), asyncio.Event()

    @pikku_sessionless_func
    async def wait() -> None:
        running.set()
        await go.wait()

    async with schedule_of(wait) as schedule:
        first = await schedule.trigger("task")
        await asyncio.wait_for(running.wait(), 10)
        second = await schedule.trigger("task")
        with pytest.raises(JobNotCompletedError, match="is active still"):
            await second.result(within="10s")
        go.set()
        await first.result(within="10s")
        statuses = {one.id: one.status for one in await schedule.firings("task")}
    assert statuses == {first.id: "completed", second.id: "skipped"}


async def test_a_function_is_called_once_later_by_its_name() -> None:
    async with schedule_of(whoami) as schedule:
        soon = await schedule.rpc("send", Mail(to="ada"), after="20ms")
        assert await soon.result(within="10s") == "send to ada, attempt 1"
        now = await schedule.rpc("send", {"to": "bob"}, at=datetime(2001, 1, 1, tzinfo=UTC))
        assert await now.result(within="10s") == "send to bob, attempt 1"


async def test_what_is_to_be_called_later_is_listed_and_can_be_cancelled() -> None:
    at = datetime.now(UTC) + timedelta(days=3)
    async with schedule_of(whoami) as schedule:
        later = await schedule.rpc("send", Mail(to="ada"), at=at, job_id="order:1")
        sooner = await schedule.rpc("send", Mail(to="bob"), after="1d")
        assert (await schedule.rpc("send", Mail(to="ada"), at=at, job_id="order:1")).id == later.id
        calls = await schedule.calls()
        assert [(one.id, one.name, one.status) for one in calls] == [
            (sooner.id, "send", "delayed"),
            ("order:1", "send", "delayed"),
        ]
        assert calls[1].due == at
        assert await schedule.unschedule("order:1")
        assert not await schedule.unschedule("order:1")
        assert [one.id for one in await schedule.calls()] == [sooner.id]


async def test_a_call_runs_as_whom_it_carries() -> None:
    async with schedule_of(whoami, claims) as schedule:
        handle = await schedule.rpc("whoami", session=Session(user="ada"))
        assert await handle.result(within="10s") == "ada"
        nobody = await schedule.rpc("whoami")
        with pytest.raises(JobNotCompletedError):
            await nobody.result(within="10s")


async def test_what_cannot_be_called_is_refused_where_it_is_asked_for() -> None:
    async with schedule_of(whoami) as schedule:
        with pytest.raises(FunctionNotFoundError):
            await schedule.rpc("sent", Mail(to="ada"))
        with pytest.raises(InvalidDataError):
            await schedule.rpc("send", {"to": None})
        with pytest.raises(DeclarationError, match="one of them"):
            await schedule.rpc("whoami", after="1s", at=datetime.now(UTC))
        with pytest.raises(DeclarationError, match="no time zone"):
            await schedule.rpc("whoami", at=datetime.fromisoformat("2030-01-01"))
        with pytest.raises(DeclarationError, match="queue_claims"):
            await schedule.rpc("whoami", session=Session(user="ada"))
        options: dict[str, Any] = {"delay": 1}
        with pytest.raises(DeclarationError, match='no option "delay"'):
            await schedule.rpc("whoami", **options)


async def test_a_schedule_is_paused_and_resumed() -> None:
    async with schedule_of(whoami) as schedule:
        assert await schedule.pause("task")
        assert not await schedule.pause("task")
        (record,) = await schedule.list()
        assert (record.is_paused, record.next) == (True, None)
        assert await schedule.resume("task")
        assert not await schedule.resume("task")
        (record,) = await schedule.list()
        assert record.next is not None
        with pytest.raises(ScheduleNotFoundError, match='Did you mean "task"'):
            await schedule.pause("tasks")


async def test_a_sync_function_schedules_too() -> None:
    @pikku_sessionless_func
    def order(*, schedule: SyncSchedule) -> list[str]:
        handle = schedule.rpc("send", {"to": "ada"}, after="20ms")
        result = [handle.result(within="10s")]
        later = schedule.rpc("send", {"to": "bob"}, after="1d")
        assert schedule.unschedule(later.id)
        assert schedule.pause("task")
        assert schedule.resume("task")
        assert not schedule.calls()
        return [*result, *(one.name for one in schedule.list())]

    async with schedule_of(order) as schedule:
        handle = await schedule.trigger("task")
        assert await handle.result(within="10s") == ["send to ada, attempt 1", "task"]


async def test_a_function_that_takes_data_is_refused() -> None:
    with pytest.raises(DeclarationError, match="takes data"):
        async with schedule_of(send):
            pass


async def test_data_that_has_a_default_is_left_to_the_function() -> None:
    @pikku_sessionless_func(name="greet")
    async def greet(data: str = "all") -> str:
        return f"hello {data}"

    async with schedule_of(greet) as schedule:
        for handle in (await schedule.trigger("task"), await schedule.rpc("greet")):
            assert await handle.result(within="10s") == "hello all"
        told = await schedule.rpc("greet", "ada")
        assert await told.result(within="10s") == "hello ada"


async def test_a_firing_of_a_schedule_that_a_worker_does_not_have_is_left_to_others() -> None:
    other = Entry.of(wire_scheduler(name="other", schedule=NEVER, func=whoami))
    now = datetime.now(UTC).timestamp()
    async with app_of(whoami) as app:
        backend = app.service("queue_connection").backend
        await backend.enqueue([other.message(now, now=now)])
        while not (found := await backend.list(QUEUE, "delayed", 1)):  # noqa: ASYNC110 - a store tells nobody
            await asyncio.sleep(0.02)
    assert found[0].error == 'No worker has the schedule "other".'


@pytest.mark.parametrize(
    "data", [b"5", b'"call"', b"[]", b"{}", b'{"schedule": "task", "due": "x"}']
)
async def test_a_job_that_is_no_firing_is_a_dead_letter_and_disturbs_nobody(data: bytes) -> None:
    async with app_of(whoami) as app:
        backend = app.service("queue_connection").backend
        (job,) = await backend.enqueue([Message(id="strange", queue=QUEUE, data=data)])
        record = await backend.settled(QUEUE, job, 10.0)
        assert (record.status, record.code) == ("failed", "no_firing")
        assert await app.service("schedule").firings() == []


async def test_what_fires_next_is_told_in_order() -> None:
    names = ["b", "a", *(f"later-{number}" for number in range(5))]
    wirings = [
        wire_scheduler(name=name, schedule="@daily" if "later" in name else "@hourly", func=whoami)
        for name in names
    ]
    services: list[Callable[..., Any]] = [schedule_connection, queue_connection, system_clock]
    app = App(wirings, services=services, startup=[pikku_startup], shutdown=[pikku_shutdown])
    async with app:
        lines = following(app.service("schedule_connection"))
    assert lines[0].startswith('"a" fires next at ')
    assert lines[0].endswith(":00:00 UTC.")
    assert lines[1].startswith('"b" ')
    assert lines[-1] == "2 more schedules fire after these."
