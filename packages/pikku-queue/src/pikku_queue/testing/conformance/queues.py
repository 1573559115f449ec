"""What a backend of queues must do: a suite that is run over each of them.

The suite waits for what it expects, with a limit of ten seconds: no test depends on how fast a backend is.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace

from pikku_core.testing.conformance.event_loop import in_event_loop
from pikku_queue.queue.backoff import fixed
from pikku_queue.queue.outcome import Discarded, Failed, Retried
from pikku_queue.testing.conformance.recorder import QUEUE, Recorder, found, message, settled, until
from pikku_queue.testing.conformance.workers import WorkerConformance


class QueueConformance(WorkerConformance):
    """The suite of a backend: the subclass says how to open one that is empty.

    ```python
    class TestEmbedded(QueueConformance):
        @asynccontextmanager
        async def opened(self) -> AsyncIterator[Backend]:
            async with EmbeddedBackend(":memory:", clock=SystemClock()) as backend:
                yield backend
    ```
    """

    @in_event_loop
    async def test_a_job_is_done_and_its_result_kept(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend, self.working(backend, recorder):
            (job,) = await backend.enqueue([message(data={"to": "ada"})])
            record = await settled(backend, job)
        assert record.status == "completed"
        assert json.loads(record.result or b"") == {"to": "ada"}
        assert (record.attempt, recorder.deliveries[0].attempt) == (1, 1)

    @in_event_loop
    async def test_a_delayed_job_waits(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend, self.working(backend, recorder):
            late, soon = await backend.enqueue([message(due=time.time() + 3600), message()])
            await settled(backend, soon)
            assert (await found(backend, late)).status == "delayed"
        assert recorder.ids == [soon]

    @in_event_loop
    async def test_a_job_that_is_due_is_done(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend, self.working(backend, recorder):
            due = time.time() + 0.2
            (job,) = await backend.enqueue([message(due=due)])
            record = await settled(backend, job)
        assert record.started is not None
        assert record.started >= due

    @in_event_loop
    async def test_a_job_that_fails_is_tried_again(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend, self.working(backend, recorder):
            job = message(attempts=3)
            recorder.gives(job.id, Retried(after=0.01, error="no"), Retried(after=0.01, error="no"))
            await backend.enqueue([job])
            record = await settled(backend, job.id)
        assert [one.attempt for one in recorder.deliveries] == [1, 2, 3]
        assert (record.status, record.attempt) == ("completed", 3)

    @in_event_loop
    async def test_a_job_that_failed_for_good_is_a_dead_letter_which_can_be_replayed(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend, self.working(backend, recorder):
            job = message()
            recorder.gives(job.id, Failed(error="no such user", code="not_found"))
            await backend.enqueue([job])
            record = await settled(backend, job.id)
            assert (record.status, record.error, record.code) == (
                "failed",
                "no such user",
                "not_found",
            )
            assert [one.id for one in await backend.list(QUEUE, "failed", 10)] == [job.id]
            assert await backend.retry(QUEUE, job.id)
            assert (await settled(backend, job.id)).status == "completed"
            assert not await backend.retry(QUEUE, job.id)
        assert [one.attempt for one in recorder.deliveries] == [1, 1]

    @in_event_loop
    async def test_a_discarded_job_is_over(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend, self.working(backend, recorder):
            job = message(attempts=5)
            recorder.gives(job.id, Discarded(reason="unsubscribed"))
            await backend.enqueue([job])
            record = await settled(backend, job.id)
        assert (record.status, record.error, record.attempt) == ("discarded", "unsubscribed", 1)

    @in_event_loop
    async def test_a_job_of_the_same_id_is_added_once_while_it_is_not_settled(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend:
            await backend.enqueue([message(id="daily"), message(id="daily")])
            await backend.enqueue([message(id="daily")])
            assert (await backend.counts(QUEUE)).waiting == 1
            async with self.working(backend, recorder):
                await settled(backend, "daily")
                await backend.enqueue([message(id="daily")])
                await until(lambda: len(recorder.ids) == 2)
                await settled(backend, "daily")
        assert recorder.ids == ["daily", "daily"]

    @in_event_loop
    async def test_a_job_that_is_for_once_is_not_added_again_while_one_of_its_id_is_kept(
        self,
    ) -> None:
        recorder = Recorder()
        async with self.opened() as backend, self.working(backend, recorder):
            await backend.enqueue([message(id="noon", once=True)])
            await settled(backend, "noon")
            assert list(await backend.enqueue([message(id="noon", once=True)])) == ["noon"]
            assert (await found(backend, "noon")).status == "completed"
            assert await backend.remove(QUEUE, "noon")
            await backend.enqueue([message(id="noon", once=True)])
            await settled(backend, "noon")
        assert recorder.ids == ["noon", "noon"]

    @in_event_loop
    async def test_a_dead_letter_can_be_dropped_and_a_job_that_is_not_settled_cannot(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend:
            (late,) = await backend.enqueue([message(due=time.time() + 3600)])
            assert not await backend.remove(QUEUE, late)
            async with self.working(backend, recorder):
                dead = message()
                recorder.gives(dead.id, Failed(error="no"))
                await backend.enqueue([dead])
                await settled(backend, dead.id)
                assert await backend.remove(QUEUE, dead.id)
            assert not await backend.remove(QUEUE, dead.id)
            assert await backend.get(QUEUE, dead.id) is None
            assert (
                await backend.list(QUEUE, "failed", 10),
                (await found(backend, late)).status,
            ) == (
                [],
                "delayed",
            )

    @in_event_loop
    async def test_the_queues_that_have_jobs_are_known(self) -> None:
        async with self.opened() as backend:
            assert list(await backend.queues()) == []
            await backend.enqueue([message(), replace(message(), queue="bills"), message()])
            assert list(await backend.queues()) == ["bills", QUEUE]

    @in_event_loop
    async def test_a_waiting_job_can_be_cancelled(self) -> None:
        recorder = Recorder()
        async with self.opened() as backend:
            gone, stays = await backend.enqueue([message(), message()])
            assert await backend.cancel(QUEUE, gone)
            assert not await backend.cancel(QUEUE, gone)
            async with self.working(backend, recorder):
                await settled(backend, stays)
            assert (await found(backend, gone)).status == "cancelled"
        assert recorder.ids == [stays]

    @in_event_loop
    async def test_jobs_are_counted_and_listed(self) -> None:
        async with self.opened() as backend:
            first, second, late = await backend.enqueue(
                [message(), message(priority=5), message(due=time.time() + 3600)]
            )
            counts = await backend.counts(QUEUE)
            waiting = await backend.list(QUEUE, "waiting", 10)
            delayed = await backend.list(QUEUE, "delayed", 10)
        assert (counts.waiting, counts.delayed, counts.active) == (2, 1, 0)
        assert [one.id for one in waiting] == [second, first]
        assert [one.id for one in delayed] == [late]

    @in_event_loop
    async def test_a_job_that_nobody_added_is_none(self) -> None:
        async with self.opened() as backend:
            assert await backend.get(QUEUE, "nothing") is None
            assert await backend.settled(QUEUE, "nothing", 0.01) is None
            assert not await backend.cancel(QUEUE, "nothing")
            assert not await backend.retry(QUEUE, "nothing")

    @in_event_loop
    async def test_waiting_for_a_job_ends_in_time(self) -> None:
        async with self.opened() as backend:
            (job,) = await backend.enqueue([message()])
            record = await backend.settled(QUEUE, job, 0.05)
        assert record is not None
        assert record.status == "waiting"

    @in_event_loop
    async def test_what_a_message_carries_arrives(self) -> None:
        recorder = Recorder()
        sent = message(
            data={"text": "Grüße \u0000 🎉", "number": 2**53, "list": [None, True]},
            attempts=7,
            priority=3,
            group="ada",
            trace_id="t-1",
            claim="signed",
            backoff=fixed("7s"),
        )
        async with self.opened() as backend, self.working(backend, recorder):
            await backend.enqueue([sent])
            await settled(backend, sent.id)
        got = recorder.deliveries[0].message
        assert json.loads(got.data) == json.loads(sent.data)
        assert (got.attempts, got.priority, got.group) == (7, 3, "ada")
        assert (got.trace_id, got.claim, got.backoff) == ("t-1", "signed", fixed("7s"))
