"""What a backend that keeps schedules must do: a suite that is run over each of them.

The time by which schedules fire is a clock's that the suite moves; leases are of real time, which a store may measure by itself.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pikku_core import ServiceUnavailableError
from pikku_core.testing import MovableClock
from pikku_core.testing.conformance.event_loop import in_event_loop
from pikku_queue.queue.worker_config import WorkerConfig
from pikku_queue.scheduler import QUEUE
from pikku_queue.scheduler.beat import Beat
from pikku_queue.scheduler.entry import Entry
from pikku_queue.scheduler.firing import firing_record
from pikku_queue.scheduler.wiring import wire_scheduler
from pikku_queue.testing.conformance.recorder import PATIENCE, Recorder, until
from pikku_queue.testing.conformance.schedule_stores import (
    LEASE,
    ScheduleStoreConformance,
    schedules_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pikku_queue.queue.backend import Backend
    from pikku_queue.queue.record import Status
    from pikku_queue.scheduler.firing import FiringRecord
    from pikku_queue.scheduler.store import Advance


async def nothing() -> None:
    """What the schedules of the suite would call."""


def entry(name: str = "digest", schedule: str = "0 * * * *", **options: Any) -> Entry:
    """A schedule; by default it fires at each hour."""
    return Entry.of(wire_scheduler(name=name, schedule=schedule, func=nothing, **options))


def beat_of(backend: Backend, clock: MovableClock, *entries: Entry) -> Beat:
    """A process that fires schedules."""
    return Beat(entries, store=schedules_of(backend), backend=backend, clock=clock, lease=LEASE)


async def fired(backend: Backend, status: Status = "waiting") -> list[str]:
    """The ids of the firings of a status, in order."""
    return sorted(job.id for job in await backend.list(QUEUE, status, 100))


class SchedulerConformance(ScheduleStoreConformance):
    """The suite of a backend that keeps schedules: the subclass says how to open one that is empty.

    ```python
    class TestSchedules(SchedulerConformance):
        @asynccontextmanager
        async def opened(self) -> AsyncIterator[Backend]:
            async with EmbeddedBackend(":memory:", clock=SystemClock()) as backend:
                yield backend
    ```
    """

    @in_event_loop
    async def test_a_moment_fires_when_it_has_come(self) -> None:
        clock = MovableClock()
        async with self.opened() as backend:
            beat = beat_of(backend, clock, entry())
            assert await beat.look() == LEASE / 3
            clock.move(3595)
            assert await beat.look() == 5.0
            assert await fired(backend) == []
            clock.move(5)
            await beat.look()
            assert await fired(backend) == ["digest:2030-01-01T01:00:00Z"]

    @in_event_loop
    async def test_a_process_without_the_lease_fires_nothing(self) -> None:
        clock = MovableClock()
        async with self.opened() as backend:
            first, second = (beat_of(backend, clock, entry()) for _ in range(2))
            for beat in (first, second):
                await beat.look()
            clock.move(hours=1)
            await second.look()
            assert await fired(backend) == []
            await first.look()
            assert len(await fired(backend)) == 1
            assert (first.is_holding, second.is_holding) == (True, False)

    @in_event_loop
    async def test_a_moment_fires_once_where_two_believe_that_they_hold_the_lease(self) -> None:
        clock = MovableClock()
        async with self.opened() as backend:
            beats = [
                beat_of(backend, clock, entry()),
                beat_of(backend, clock, entry(), entry("other", "@daily")),
            ]
            for _ in range(3):
                await asyncio.gather(*(beat.look() for beat in beats))
                assert all(beat.is_holding for beat in beats)
                clock.move(hours=1)
            await asyncio.gather(*(beat.look() for beat in beats))
            done = [*await fired(backend), *await fired(backend, "discarded")]
            assert len(done) == len(set(done)) == 3

    @in_event_loop
    async def test_a_moment_fires_once_where_the_holder_dies_before_it_has_noted_it(self) -> None:
        clock = MovableClock()
        async with self.opened() as backend:
            dies = beat_of(backend, clock, entry())
            await dies.look()
            store = schedules_of(backend)
            state = (await store.states(["digest"]))["digest"]
            clock.move(hours=1)
            due = clock.now().timestamp()
            (job,) = await backend.enqueue([entry().message(due, now=due)])  # What it still did.
            await dies.run(stopped())  # Gives the lease back.
            async with self.working_firings(backend, Recorder()):
                assert await backend.settled(QUEUE, job, PATIENCE)
            assert (await store.states(["digest"]))["digest"] == state
            await beat_of(backend, clock, entry()).look()
            assert (await fired(backend), await fired(backend, "completed")) == ([], [job])
            assert (await store.states(["digest"]))["digest"].last == due

    @in_event_loop
    async def test_a_moment_that_passed_while_the_lease_was_nobodys_fires_late(self) -> None:
        clock = MovableClock()
        async with self.opened() as backend:
            dies = beat_of(backend, clock, entry())
            await dies.look()
            await dies.run(stopped())
            clock.move(3600 + 40)
            await beat_of(backend, clock, entry()).look()
            assert await fired(backend) == ["digest:2030-01-01T01:00:00Z"]

    @in_event_loop
    async def test_of_what_was_missed_fires_what_misfire_says(self) -> None:
        clock = MovableClock()
        all_of_them = entry("all", misfire="all", overlap="queue")
        entries = (entry("skip"), entry("once", misfire="once"), all_of_them)
        async with self.opened() as backend:
            gone = beat_of(backend, clock, *entries)
            await gone.look()
            await gone.run(stopped())
            clock.move(3 * 3600 + 600)
            await beat_of(backend, clock, *entries).look()
            assert await fired(backend) == [
                *(f"all:2030-01-01T0{hour}:00:00Z" for hour in (1, 2, 3)),
                "once:2030-01-01T03:00:00Z",
            ]

    @in_event_loop
    async def test_a_firing_is_skipped_while_the_one_before_is_not_done(self) -> None:
        clock, recorder = MovableClock(), Recorder()
        async with self.opened() as backend:
            beat = beat_of(backend, clock, entry(), entry("both", overlap="allow"))
            for _ in range(3):
                await beat.look()
                clock.move(hours=1)
            await beat.look()
            records = await self._records(backend, "waiting")
            skipped = [one.id for one in records if one.name == "digest"]
            assert len([one for one in records if one.name == "both"]) == 3
            assert len(skipped) == 3
            async with self.working_firings(backend, recorder):
                await until(lambda: len(recorder.ids) == 6)
        carried = [b'"skipped"' in one.message.data for one in recorder.deliveries]
        assert sorted(carried) == [False] * 4 + [True] * 2

    @in_event_loop
    async def test_firings_that_queue_run_one_after_the_other(self) -> None:
        clock, recorder = MovableClock(), Recorder()
        async with self.opened() as backend:
            beat = beat_of(backend, clock, entry(overlap="queue"))
            for _ in range(3):
                await beat.look()
                clock.move(hours=1)
            await beat.look()
            ids = await fired(backend)
            gates = [recorder.holds(one) for one in ids]
            async with self.working_firings(backend, recorder):
                await until(lambda: recorder.active == 1)
                for gate in gates:
                    gate.set()
                await until(lambda: len(recorder.ids) == 3 and not recorder.active)
        assert (recorder.ids, recorder.most) == (ids, 1)

    @in_event_loop
    async def test_a_paused_schedule_fires_nothing_and_makes_up_for_nothing(self) -> None:
        clock = MovableClock()
        async with self.opened() as backend:
            beat = beat_of(backend, clock, entry(misfire="all", overlap="allow"))
            await beat.look()
            store = schedules_of(backend)
            await store.pause("digest")
            for _ in range(2):
                clock.move(hours=1)
                await beat.look()
            assert await fired(backend) == []
            await store.resume("digest", clock.now().timestamp())
            clock.move(hours=1)
            await beat.look()
            assert await fired(backend) == ["digest:2030-01-01T03:00:00Z"]

    @in_event_loop
    async def test_a_schedule_that_has_changed_makes_up_for_nothing(self) -> None:
        clock = MovableClock()
        async with self.opened() as backend:
            before = beat_of(backend, clock, entry(misfire="once"))
            await before.look()
            await before.run(stopped())
            clock.move(hours=5)
            await beat_of(backend, clock, entry(schedule="30 * * * *", misfire="once")).look()
            assert await fired(backend) == []

    @in_event_loop
    async def test_a_schedule_that_was_off_makes_up_for_nothing(self) -> None:
        clock = MovableClock()
        async with self.opened() as backend:
            for enabled in (True, False):
                beat = beat_of(backend, clock, entry(misfire="once", enabled=enabled))
                await beat.look()
                await beat.run(stopped())
                clock.move(600)
            clock.move(hours=5)
            await beat_of(backend, clock, entry(misfire="once")).look()
            assert await fired(backend) == []

    @in_event_loop
    async def test_jitter_delays_a_firing_alike_everywhere(self) -> None:
        clock = MovableClock()
        async with self.opened() as backend:
            beat = beat_of(backend, clock, entry(jitter="10m"))
            await beat.look()
            clock.move(hours=1)
            await beat.look()
            (job,) = await backend.list(QUEUE, "delayed", 10)
            assert job.due is not None
            late = job.due - clock.now().timestamp()
            assert 0 < late < 600
            assert entry(jitter="10m").message(clock.now().timestamp(), now=0).due == job.due

    @in_event_loop
    async def test_a_store_that_fails_is_asked_again(self) -> None:
        clock = MovableClock()
        async with self.opened() as backend:
            beat, advance = beat_of(backend, clock, entry()), schedules_of(backend).advance
            await beat.look()
            failed: list[int] = []

            async def fail(changes: Sequence[Advance]) -> Sequence[str]:
                failed.append(len(changes))
                if len(failed) == 1:
                    raise ServiceUnavailableError
                return await advance(changes)

            beat.store.advance = fail  # type: ignore[method-assign]  # a store that is away for a moment
            clock.move(hours=1)
            await beat.look()
            await beat.look()
            assert (failed, await fired(backend)) == ([1, 1], ["digest:2030-01-01T01:00:00Z"])

    def working_firings(self, backend: Backend, recorder: Recorder) -> Any:
        """A worker of the internal queue."""
        return self.working(backend, recorder, WorkerConfig(group_concurrency=1), queues=(QUEUE,))

    async def _records(self, backend: Backend, status: Status) -> list[FiringRecord]:
        return [firing_record(job) for job in await backend.list(QUEUE, status, 100)]


def stopped() -> asyncio.Event:
    """What stops a beat before it looks."""
    event = asyncio.Event()
    event.set()
    return event
