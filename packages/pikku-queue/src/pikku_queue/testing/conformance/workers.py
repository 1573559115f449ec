"""What the workers of a backend must do."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from pikku_core.testing.conformance.event_loop import in_event_loop
from pikku_queue.queue.worker_config import WorkerConfig
from pikku_queue.testing.conformance.backend import BackendSuite
from pikku_queue.testing.conformance.recorder import QUEUE, Recorder, found, message, settled, until


class WorkerConformance(BackendSuite):
    """Order, limits, and the end of workers; part of `QueueConformance`."""

    @in_event_loop
    async def test_jobs_that_were_added_before_a_worker_came_are_done_in_order(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend:
            ids = await backend.enqueue([message() for _ in range(20)])
            async with self.working(backend, recorder, WorkerConfig(concurrency=1)):
                await settled(backend, ids[-1])
        assert recorder.ids == list(ids)

    @in_event_loop
    async def test_a_higher_priority_goes_first(self) -> None:
        recorder = Recorder()
        priorities = [0, 5, 9, 1, 5]
        async with self.opened() as backend:
            ids = await backend.enqueue([message(priority=one) for one in priorities])
            async with self.working(backend, recorder, WorkerConfig(concurrency=1), concurrency=1):
                for job in ids:
                    await settled(backend, job)
        assert [one.message.priority for one in recorder.deliveries] == [9, 5, 5, 1, 0]

    @in_event_loop
    async def test_the_function_of_an_active_job_that_is_cancelled_ends(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend, self.working(backend, recorder):
            job = message(id="endless")
            recorder.holds(job.id)
            await backend.enqueue([job])
            await until(lambda: recorder.active == 1)
            assert await backend.cancel(QUEUE, job.id)
            await until(lambda: recorder.active == 0)
            assert (await found(backend, job.id)).status == "cancelled"

    @in_event_loop
    async def test_progress_is_seen(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend, self.working(backend, recorder):
            job = message(id="long")
            gate = recorder.holds(job.id)
            await backend.enqueue([job])
            await until(lambda: recorder.active == 1)
            await backend.report(QUEUE, job.id, {"done": 3})
            record = await found(backend, job.id)
            gate.set()
            await settled(backend, job.id)
        assert (record.status, record.progress) == ("active", {"done": 3})

    @in_event_loop
    async def test_no_more_jobs_run_at_once_than_a_queue_allows(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend:
            jobs = [message() for _ in range(12)]
            gates = [recorder.holds(job.id) for job in jobs]
            await backend.enqueue(jobs)
            async with self.working(backend, recorder, WorkerConfig(concurrency=3)):
                await until(lambda: recorder.active == 3)
                for gate in gates:
                    gate.set()
                for job in jobs:
                    await settled(backend, job.id)
        assert recorder.most == 3

    @in_event_loop
    async def test_no_more_jobs_of_a_group_run_at_once_than_allowed(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend:
            jobs = [message(group="ada") for _ in range(4)]
            other = message(group="bob")
            gates = [recorder.holds(job.id) for job in [*jobs, other]]
            await backend.enqueue([*jobs, other])
            async with self.working(backend, recorder, WorkerConfig(group_concurrency=1)):
                await until(lambda: other.id in recorder.ids)
                assert len(recorder.ids) == 2
                for gate in gates:
                    gate.set()
                for job in jobs:
                    await settled(backend, job.id)
        assert recorder.ids[0] == jobs[0].id

    @in_event_loop
    async def test_a_worker_that_stops_finishes_what_it_has(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend:
            job = message(id="held")
            gate = recorder.holds(job.id)
            await backend.enqueue([job])
            async with self.working(backend, recorder):
                await until(lambda: recorder.active == 1)
                asyncio.get_running_loop().call_later(0.05, gate.set)
            assert (await found(backend, job.id)).status == "completed"

    @in_event_loop
    async def test_a_worker_that_cannot_finish_gives_back_what_it_has(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend:
            job = message(id="held", attempts=1)
            recorder.holds(job.id)
            await backend.enqueue([job])
            async with self.working(backend, recorder, grace=0.05):
                await until(lambda: recorder.active == 1)
            again = Recorder()
            async with self.working(backend, again):
                assert (await settled(backend, job.id)).status == "completed"
        assert [one.attempt for one in again.deliveries] == [1]

    @in_event_loop
    async def test_a_job_that_is_retried_while_its_function_ends_is_done_anew(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend, self.working(backend, recorder):
            job = message(id="again", data="new")
            late = recorder.clings(job.id)
            await backend.enqueue([job])
            await until(lambda: recorder.active == 1)
            assert await backend.cancel(QUEUE, job.id)
            assert await backend.retry(QUEUE, job.id)
            await until(lambda: len(recorder.ids) == 2)
            late.set()
            record = await settled(backend, job.id)
            await until(lambda: recorder.active == 0)
        assert (record.status, record.result) == ("completed", b'"new"')

    @in_event_loop
    async def test_a_job_that_is_added_while_a_cancelled_one_ends_is_not_what_that_gave(
        self,
    ) -> None:
        recorder = Recorder()
        async with self.opened() as backend, self.working(backend, recorder):
            late = recorder.clings("again")
            await backend.enqueue([message(id="again")])
            await until(lambda: recorder.active == 1)
            assert await backend.cancel(QUEUE, "again")
            gate = recorder.holds("again")
            await backend.enqueue([message(id="again", data="new")])
            await until(lambda: len(recorder.ids) == 2)
            late.set()
            await until(lambda: recorder.active == 1)
            assert (await found(backend, "again")).status == "active"
            gate.set()
            record = await settled(backend, "again")
        assert (record.status, record.result) == ("completed", b'"new"')

    @in_event_loop
    async def test_a_queue_with_many_jobs_does_not_keep_another_waiting(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend:
            many = [message() for _ in range(60)]
            other = replace(message(), queue="bills")
            await backend.enqueue([*many, other])
            queues = (QUEUE, "bills")
            async with self.working(backend, recorder, concurrency=2, queues=queues):
                for job in many:
                    await settled(backend, job.id)
        assert recorder.ids.index(other.id) < 30

    @in_event_loop
    async def test_jobs_begin_at_the_rate_that_a_queue_allows(self) -> None:
        recorder, many = Recorder(), 150
        async with self.opened() as backend:
            jobs = [message() for _ in range(many)]
            await backend.enqueue(jobs)
            async with self.working(backend, recorder, WorkerConfig(rate_limit="100/s")):
                records = [await settled(backend, job.id) for job in jobs]
        started = sorted(record.started or 0.0 for record in records)
        # A tenth of a second's jobs may begin together; ten a second would outlast the patience of the suite.
        assert started[-1] - started[0] >= (many - 20) / 100
