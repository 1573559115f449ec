"""Workers that are killed: each job is done at least once, and one that was recorded is not done again."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.integration.queue.conftest import redis_of

from pikku_core.services.clock import SystemClock
from pikku_queue.queue.celery.backend import CeleryBackend
from pikku_queue.testing.conformance.recorder import PATIENCE, QUEUE, found, message, settled

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator

pytestmark = pytest.mark.anyio

PROGRAM = Path(__file__).parent / "worker_process.py"


@asynccontextmanager
async def worker(url: str, point: str = "none") -> AsyncGenerator[Process]:
    """A worker process that is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), url, point, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert await said(process) == "ready"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def said(process: Process) -> str:
    """The next line that a process writes."""
    assert process.stdout is not None
    async with asyncio.timeout(3 * PATIENCE):
        return (await process.stdout.readline()).decode().strip()


def effects(url: str) -> list[str]:
    """The effects there were."""
    with redis_of(url) as client:
        return [row.decode() for row in client.lrange("effects", 0, -1)]


@pytest.mark.parametrize(
    ("point", "times"), [("begin", 1), ("before", 1), ("during", 1), ("after", 2)]
)
async def test_a_job_whose_worker_is_killed_is_done(redis_url: str, point: str, times: int) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        async with worker(redis_url, point) as process:
            (job,) = await backend.enqueue([message(attempts=3)])
            assert await said(process) == point
            process.kill()
            await process.wait()
        async with worker(redis_url):
            record = await settled(backend, job)
        assert record.status == "completed"
        assert record.attempt == (1 if point == "begin" else 2)
        assert effects(redis_url) == [job] * times


async def test_a_job_that_was_recorded_is_not_done_again(redis_url: str) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        async with worker(redis_url) as process:
            first = await backend.enqueue([message() for _ in range(50)])
            for job in first:
                await settled(backend, job)
            process.kill()
            await process.wait()
        async with worker(redis_url):
            await asyncio.sleep(1.5)  # longer than the visibility
            (later,) = await backend.enqueue([message()])
            await settled(backend, later)
        assert sorted(effects(redis_url)) == sorted([*first, later])


async def test_a_message_that_vanished_between_the_broker_and_a_worker_is_published_again(
    redis_url: str,
) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        (job,) = await backend.enqueue([message()])
        with redis_of(redis_url) as client:
            assert client.brpop(["letters\x06\x169"], timeout=1) is not None
        async with worker(redis_url):
            assert (await settled(backend, job)).status == "completed"


async def test_the_attempts_of_a_job_that_kills_its_workers_come_to_an_end(redis_url: str) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        (job,) = await backend.enqueue([message(attempts=1)])
        async with worker(redis_url, "before") as process:
            assert await said(process) == "before"
            process.kill()
            await process.wait()
        async with worker(redis_url):
            record = await settled(backend, job)
        assert (record.status, record.code) == ("failed", "worker_lost")
        assert effects(redis_url) == []


async def test_a_worker_that_is_told_to_end_returns_what_it_cannot_finish(redis_url: str) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        async with worker(redis_url, "before") as process:
            (job,) = await backend.enqueue([message(attempts=1)])
            assert await said(process) == "before"
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE):
                assert await process.wait() == 0
        record = await found(backend, job)
        assert (record.status, record.attempt) == ("waiting", 0)
        async with worker(redis_url):
            assert (await settled(backend, job)).attempt == 1
        assert (await backend.counts(QUEUE)).completed == 1
