"""What a backend must do whose jobs are outside the process: other processes see them, and they outlive it."""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from pikku_core.testing.conformance.event_loop import in_event_loop
from pikku_queue.queue.outcome import Failed
from pikku_queue.queue.worker_config import WorkerConfig
from pikku_queue.testing.conformance.backend import BackendSuite
from pikku_queue.testing.conformance.recorder import QUEUE, Recorder, found, message, settled, until

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from pikku_queue.queue.backend import Backend


class SharedQueueConformance(BackendSuite):
    """The suite of such a backend, beside `QueueConformance`."""

    @abstractmethod
    def joined(self) -> AbstractAsyncContextManager[Backend]:
        """Opens the jobs once more of the backend that was opened last, as another process does, whether it is closed or not."""

    @in_event_loop
    async def test_jobs_outlive_the_process_that_added_them(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend:
            soon, late = await backend.enqueue([message(), message(due=time.time() + 3600)])
            dead = message()
            recorder.gives(dead.id, Failed(error="no"))
            async with self.joined() as other, self.working(other, recorder):
                await other.enqueue([dead])
                await settled(other, dead.id)
            async with self.joined() as other:
                assert (await settled(other, soon)).status == "completed"
                assert (await found(other, dead.id)).error == "no"
                assert (await found(other, late)).status == "delayed"
        assert sorted(recorder.ids) == sorted([soon, dead.id])

    @in_event_loop
    async def test_a_job_is_done_by_one_of_two_workers(self) -> None:
        one, two = Recorder(), Recorder()
        async with (
            self.opened() as first,
            self.joined() as second,
            self.working(first, one),
            self.working(second, two),
        ):
            ids = [*await first.enqueue([message() for _ in range(40)])]
            ids += await second.enqueue([message() for _ in range(40)])
            for job in ids:
                assert (await settled(first, job)).status == "completed"
        assert sorted([*one.ids, *two.ids]) == sorted(ids)

    @in_event_loop
    async def test_who_waits_is_told_what_another_process_has_done(self) -> None:
        async with (
            self.opened() as producer,
            self.joined() as worker,
            self.working(worker, Recorder()),
        ):
            (job,) = await producer.enqueue([message(data="done")])
            assert (await settled(producer, job)).result == b'"done"'

    @in_event_loop
    async def test_a_job_that_another_process_cancels_ends(self) -> None:
        recorder = Recorder()
        config = WorkerConfig(visibility="300ms")
        async with (
            self.opened() as producer,
            self.joined() as worker,
            self.working(worker, recorder, config),
        ):
            job = message(id="endless")
            recorder.holds(job.id)
            await producer.enqueue([job])
            await until(lambda: recorder.active == 1)
            assert await producer.cancel(QUEUE, job.id)
            await until(lambda: recorder.active == 0)
            assert (await found(producer, job.id)).status == "cancelled"

    @in_event_loop
    async def test_a_job_stays_with_a_worker_that_lives_however_long_it_takes(self) -> None:
        one, two = Recorder(), Recorder()
        config = WorkerConfig(visibility="300ms")
        async with (
            self.opened() as first,
            self.joined() as second,
            self.working(first, one, config),
            self.working(second, two, config),
        ):
            job = message(id="long")
            gates = [one.holds(job.id), two.holds(job.id)]
            (later,) = await first.enqueue([message(due=time.time() + 1.2)])
            await first.enqueue([job])
            await settled(first, later)
            for gate in gates:
                gate.set()
            assert (await settled(first, job.id)).attempt == 1
        assert sorted([*one.ids, *two.ids]) == sorted([job.id, later])

    @in_event_loop
    async def test_a_job_stays_with_a_worker_that_finishes_it_before_it_stops(self) -> None:
        one, two = Recorder(), Recorder()
        config = WorkerConfig(visibility="300ms")
        async with self.opened() as first, self.joined() as second, AsyncExitStack() as beside:
            job = message(id="long")
            gate = one.holds(job.id)
            await first.enqueue([job])
            async with self.working(first, one, config):
                await until(lambda: one.active == 1)
                await beside.enter_async_context(self.working(second, two, config))
                asyncio.get_running_loop().call_later(1.0, gate.set)
            assert (await settled(second, job.id)).attempt == 1
        assert (one.ids, two.ids) == ([job.id], [])

    @in_event_loop
    async def test_a_group_has_one_limit_over_all_processes(self) -> None:
        one, two = Recorder(), Recorder()
        config = WorkerConfig(group_concurrency=1)
        async with (
            self.opened() as first,
            self.joined() as second,
            self.working(first, one, config),
            self.working(second, two, config),
        ):
            jobs = [message(group="ada") for _ in range(3)]
            last = message()
            gates = [recorder.holds(job.id) for job in jobs for recorder in (one, two)]
            await first.enqueue([*jobs, last])
            await settled(first, last.id)
            assert one.active + two.active == 1
            for gate in gates:
                gate.set()
            for job in jobs:
                await settled(first, job.id)
        assert sorted([*one.ids, *two.ids]) == sorted([*(job.id for job in jobs), last.id])
