"""What a backend of queues must do: a suite that is run over each of them.

A backend is opened with `opened`, and a worker of it runs while `working` lasts. The suite waits for what it expects, with a limit of
ten seconds: no test depends on how fast a backend is.
"""

from __future__ import annotations

import asyncio
import json
import time
from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from pikku_core.testing.conformance.event_loop import in_event_loop
from pikku_queue.queue.backoff import fixed
from pikku_queue.queue.message import Message
from pikku_queue.queue.outcome import (
    Completed,
    Discarded,
    Failed,
    Outcome,
    Retried,
    Returned,
)
from pikku_queue.queue.worker_config import WorkerConfig

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from pikku_queue.queue.backend import Backend
    from pikku_queue.queue.message import Delivery
    from pikku_queue.queue.record import JobRecord

QUEUE: Final = "letters"
PATIENCE: Final = 10.0
"""Seconds after which something that was expected counts as not happening."""


class Recorder:
    """Runs attempts in a test: notes each, and gives the outcomes that were asked for.

    Attributes:
        deliveries: The attempts, in the order in which they were begun.
    """

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.outcomes: dict[str, list[Outcome]] = {}
        self.gates: dict[str, asyncio.Event] = {}
        self.active = 0
        self.most = 0

    @property
    def ids(self) -> list[str]:
        """The jobs that were begun, in order."""
        return [one.message.id for one in self.deliveries]

    def gives(self, job: str, *outcomes: Outcome) -> None:
        """What the attempts of a job come to, one after the other; then it is completed."""
        self.outcomes[job] = list(outcomes)

    def holds(self, job: str) -> asyncio.Event:
        """Lets the attempts of a job wait until the event is set."""
        return self.gates.setdefault(job, asyncio.Event())

    async def execute(self, delivery: Delivery) -> Outcome:
        """One attempt."""
        self.deliveries.append(delivery)
        self.active += 1
        self.most = max(self.most, self.active)
        try:
            if (gate := self.gates.get(delivery.message.id)) is not None:
                await gate.wait()
            left = self.outcomes.get(delivery.message.id)
            if left:
                return left.pop(0)
            return Completed(result=delivery.message.data)
        except asyncio.CancelledError:
            return Returned()
        finally:
            self.active -= 1


class QueueConformance(ABC):
    """The suite of a backend: the subclass says how to open one that is empty.

    ```python
    class TestEmbedded(QueueConformance):
        @asynccontextmanager
        async def opened(self) -> AsyncGenerator[Backend]:
            async with EmbeddedBackend(":memory:", clock=SystemClock()) as backend:
                yield backend
    ```
    """

    @abstractmethod
    def opened(self) -> AbstractAsyncContextManager[Backend]:
        """Opens an empty backend."""

    @asynccontextmanager
    async def working(
        self,
        backend: Backend,
        recorder: Recorder,
        config: WorkerConfig | None = None,
        *,
        concurrency: int = 10,
        grace: float = PATIENCE,
    ) -> AsyncGenerator[None]:
        """A worker of the backend."""
        stopping, ready = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(
            backend.work(
                {QUEUE: config or WorkerConfig()},
                recorder.execute,
                concurrency=concurrency,
                stopping=stopping,
                ready=ready.set,
                grace=grace,
            )
        )
        waiting = asyncio.create_task(ready.wait())
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
            yield
        finally:
            waiting.cancel()
            stopping.set()
            async with asyncio.timeout(PATIENCE + grace):
                await running

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


numbers = iter(range(1_000_000))


def message(*, id: str = "", data: Any = None, **options: Any) -> Message:
    """A message with an id of its own."""
    return Message(
        id=id or f"job-{next(numbers)}",
        queue=QUEUE,
        data=json.dumps(data).encode(),
        enqueued=time.time(),
        **options,
    )


async def settled(backend: Backend, job: str) -> JobRecord:
    """A job once it is settled."""
    record = await backend.settled(QUEUE, job, PATIENCE)
    assert record is not None
    assert record.ended is not None, f"the job is {record.status} still"
    return record


async def found(backend: Backend, job: str) -> JobRecord:
    """A job as it is."""
    record = await backend.get(QUEUE, job)
    assert record is not None
    return record


async def until(condition: Callable[[], bool]) -> None:
    """Returns when a condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - a condition of many things is looked at, not told
            await asyncio.sleep(0.005)
