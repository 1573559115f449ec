"""What Redis records, whatever happens to calls and clocks: each test is a way in which a job could be lost or done twice."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from tests.integration.queue.conftest import redis_of, working

from pikku_core import ServiceUnavailableError
from pikku_core.services.clock import SystemClock
from pikku_queue import WorkerConfig
from pikku_queue.queue.celery.backend import CeleryBackend
from pikku_queue.queue.celery.ledger import Ledger, NotYet, Terms
from pikku_queue.queue.message import Delivery, Message
from pikku_queue.queue.outcome import Completed, Outcome, Retried
from pikku_queue.testing.conformance.recorder import (
    QUEUE,
    Recorder,
    found,
    message,
    settled,
    until,
)

pytestmark = [
    pytest.mark.anyio,
    # Celery says so wherever a connection is lost and jobs are not cancelled for it.
    pytest.mark.filterwarnings("ignore::celery.exceptions.CPendingDeprecationWarning"),
]

TERMS = Terms()


async def begun(
    ledger: Ledger, one: Message, token: str, terms: Terms = TERMS
) -> Delivery | NotYet | None:
    """What a worker is answered that has the first publication of a message."""
    tag = f"pikku:{one.queue}:{one.id}:1"
    request = {"id": one.id, "properties": {"delivery_tag": tag}}
    return await ledger.begin(one, None, request, terms, token)


async def test_beginning_is_repeatable(redis_url: str) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        one = message()
        await backend.enqueue([one])
        first = await begun(backend.ledger, one, "mine")
        again = await begun(backend.ledger, one, "mine")
        other = await begun(backend.ledger, one, "another's")
    assert isinstance(first, Delivery)
    assert (again, other) == (first, None)


async def test_an_addition_that_the_client_repeats_is_one(redis_url: str) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        one = message()
        await backend.enqueue([one])
        await begun(backend.ledger, one, "mine")
        assert await backend.ledger.settle(one, 1, "mine", Completed(), 60)
        await backend.enqueue([one])
        assert (await found(backend, one.id)).status == "completed"


async def test_an_attempt_that_ends_late_does_not_settle_the_job_that_was_added_since(
    redis_url: str,
) -> None:
    held, release = asyncio.Event(), asyncio.Event()

    async def execute(delivery: Delivery) -> Outcome:
        if not held.is_set():
            held.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await release.wait()
                return Completed(result=b'"old"')
        return Completed(result=b'"new"')

    async with working(redis_url, execute) as backend:
        await backend.enqueue([message(id="daily")])
        await held.wait()
        assert await backend.cancel(QUEUE, "daily")
        await backend.enqueue([message(id="daily")])
        record = await settled(backend, "daily")
        release.set()
        assert (record.status, record.result) == ("completed", b'"new"')
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        assert (await found(backend, "daily")).result == b'"new"'


async def test_a_worker_whose_sign_of_life_is_late_does_not_take_its_own_jobs(
    redis_url: str,
) -> None:
    recorder = Recorder()
    async with working(redis_url, recorder.execute, WorkerConfig(visibility="300ms")) as backend:
        job = message(id="held", attempts=1)
        gate = recorder.holds(job.id)
        await backend.enqueue([job])
        await until(lambda: recorder.active == 1)
        time.sleep(1)  # noqa: ASYNC251 - the event loop is blocked, and nothing is said of the job
        await asyncio.sleep(0.5)
        gate.set()
        record = await settled(backend, job.id)
    assert (record.status, record.attempt) == ("completed", 1)


async def test_a_redis_that_is_full_is_said_as_such_and_workers_go_on_afterwards(
    redis_url: str,
) -> None:
    recorder = Recorder()
    with redis_of(redis_url) as client:
        async with working(redis_url, recorder.execute, WorkerConfig(visibility="1s")) as backend:
            job = message(id="held", attempts=1)
            gate = recorder.holds(job.id)
            await backend.enqueue([job])
            await until(lambda: recorder.active == 1)
            client.config_set("maxmemory", 1)
            try:
                with pytest.raises(ServiceUnavailableError):
                    await backend.enqueue([message()])
                await asyncio.sleep(1.5)  # longer than the visibility
            finally:
                client.config_set("maxmemory", 0)
            await asyncio.sleep(0.5)
            gate.set()
            record = await settled(backend, job.id)
            (later,) = await backend.enqueue([message(due=time.time() + 0.1)])
            await settled(backend, later)
    assert (record.status, record.attempt) == ("completed", 1)


async def test_a_rate_is_kept_also_by_jobs_that_have_waited(redis_url: str) -> None:
    recorder, started = Recorder(), list[float]()
    rate = WorkerConfig(rate_limit="20/s")
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        jobs = [message(attempts=2) for _ in range(20)]
        for job in jobs[:4]:
            recorder.gives(job.id, Retried(after=0.2, error="no"))
        await backend.enqueue(jobs)
    async with working(redis_url, recorder.execute, rate) as backend:
        for job in jobs:
            record = await settled(backend, job.id)
            assert record.started is not None
            started.append(record.started)
    assert len(recorder.ids) == 24
    ordered = sorted(started)
    windows = zip(ordered, ordered[10:], strict=False)
    # Ten jobs and the slack of two: half a second less a tenth.
    assert all(last - first >= 0.39 for first, last in windows)


async def test_the_jobs_of_a_rate_keep_their_order_and_leave_way_to_higher_ones(
    redis_url: str,
) -> None:
    recorder = Recorder()
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        ids = list(await backend.enqueue([message() for _ in range(8)]))
    async with working(redis_url, recorder.execute, WorkerConfig(rate_limit="10/s")) as backend:
        await until(lambda: len(recorder.ids) >= 3)
        (first,) = await backend.enqueue([message(priority=9)])
        for job in [*ids, first]:
            await settled(backend, job)
    assert [one for one in recorder.ids if one != first] == ids
    assert recorder.ids.index(first) <= 5


async def test_a_redis_whose_clock_was_set_takes_no_job_from_its_worker(redis_url: str) -> None:
    recorder = Recorder()
    with redis_of(redis_url) as client:
        async with working(redis_url, recorder.execute, WorkerConfig(visibility="2s")) as backend:
            job = message(id="held", attempts=1)
            gate = recorder.holds(job.id)
            await backend.enqueue([job])
            await until(lambda: recorder.active == 1)
            # As after an hour in which nobody could look, or a clock that was set forward by one.
            base: Any = f"pikku:{QUEUE}"
            client.zadd(f"{base}:active", {job.id: time.time() - 3600})
            client.set(f"{base}:tended", time.time() - 3600)
            async with working(redis_url, recorder.execute, WorkerConfig(visibility="2s")):
                await asyncio.sleep(0.5)
                gate.set()
            record = await settled(backend, job.id)
    assert (record.status, record.attempt) == ("completed", 1)
