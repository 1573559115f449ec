"""What a store of schedules must do; part of `SchedulerConformance`. Leases are of real time, which a store may measure by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from pikku_core.testing.conformance.event_loop import in_event_loop
from pikku_queue.scheduler.store import Advance, KeepsSchedules
from pikku_queue.testing.conformance.backend import BackendSuite
from pikku_queue.testing.conformance.recorder import PATIENCE

if TYPE_CHECKING:
    from pikku_queue.queue.backend import Backend
    from pikku_queue.scheduler.store import ScheduleStore

LEASE: Final = 60.0


def schedules_of(backend: Backend) -> ScheduleStore:
    """The store of a backend."""
    assert isinstance(backend, KeepsSchedules)
    return backend.schedules()


class ScheduleStoreConformance(BackendSuite):
    """Leases, and states that are changed by one alone."""

    @in_event_loop
    async def test_one_of_several_holds_the_lease_until_it_gives_it_back(self) -> None:
        async with self.opened() as backend:
            store = schedules_of(backend)
            assert await store.hold("group", "first", LEASE)
            assert not await store.hold("group", "second", LEASE)
            assert await store.hold("group", "first", LEASE)
            await store.release("group", "second")
            assert not await store.hold("group", "second", LEASE)
            await store.release("group", "first")
            assert await store.hold("group", "second", LEASE)

    @in_event_loop
    async def test_a_lease_that_is_over_is_another_ones(self) -> None:
        async with self.opened() as backend:
            store = schedules_of(backend)
            assert await store.hold("group", "first", 0.2)
            async with asyncio.timeout(PATIENCE):
                while not await store.hold("group", "second", LEASE):  # noqa: ASYNC110 - a store tells nobody
                    await asyncio.sleep(0.02)
            assert not await store.hold("group", "first", LEASE)

    @in_event_loop
    async def test_groups_have_leases_of_their_own(self) -> None:
        async with self.opened() as backend:
            store = schedules_of(backend)
            assert await store.hold("group", "first", LEASE)
            assert await store.hold("other", "second", LEASE)

    @in_event_loop
    async def test_a_schedule_begins_once_and_anew_where_it_has_changed(self) -> None:
        async with self.opened() as backend:
            store = schedules_of(backend)
            await store.begin({"digest": "@daily UTC"}, 100.0)
            await store.begin({"digest": "@daily UTC"}, 200.0)
            assert (await store.states(["digest", "other"])).keys() == {"digest"}
            assert (await store.states(["digest"]))["digest"].last == 100.0
            await store.begin({"digest": "@hourly UTC"}, 300.5)
            state = (await store.states(["digest"]))["digest"]
            assert (state.spec, state.last, state.job, state.is_paused) == (
                "@hourly UTC",
                300.5,
                "",
                False,
            )

    @in_event_loop
    async def test_the_last_moment_is_moved_on_by_one_alone(self) -> None:
        async with self.opened() as backend:
            store = schedules_of(backend)
            await store.begin({"digest": "spec", "other": "spec"}, 1_900_000_000.123456)
            was = (await store.states(["digest"]))["digest"].last
            first = Advance(name="digest", was=was, last=1_900_000_060.25, job="job-1")
            other = Advance(name="other", was=was, last=1_900_000_060.25)
            assert list(await store.advance([first, other])) == ["digest", "other"]
            assert not await store.advance([first])
            again = Advance(name="digest", was=1_900_000_060.25, last=1_900_000_120.0)
            assert list(await store.advance([again])) == ["digest"]
            state = (await store.states(["digest"]))["digest"]
            assert (state.last, state.job) == (1_900_000_120.0, "job-1")

    @in_event_loop
    async def test_a_schedule_is_paused_and_resumed_once(self) -> None:
        async with self.opened() as backend:
            store = schedules_of(backend)
            assert not await store.pause("digest")
            await store.begin({"digest": "spec"}, 100.0)
            assert await store.pause("digest")
            assert not await store.pause("digest")
            assert (await store.states(["digest"]))["digest"].is_paused
            assert await store.resume("digest", 500.0)
            assert not await store.resume("digest", 600.0)
            state = (await store.states(["digest"]))["digest"]
            assert (state.is_paused, state.last) == (False, 500.0)
            await store.ran("digest", "job-2")
            assert (await store.states(["digest"]))["digest"].job == "job-2"
