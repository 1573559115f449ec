"""Workers that are killed: each job is done at least once, and one that was recorded is not done again."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.integration.queue.broker import Broker, FaultProxy
from tests.integration.queue.conftest import redis_of

from pikku_core import ServiceUnavailableError
from pikku_core.services.clock import SystemClock
from pikku_queue.queue.celery.backend import CeleryBackend
from pikku_queue.testing.conformance.recorder import PATIENCE, QUEUE, found, message, settled

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Sequence

    from pikku_queue.queue.message import Message

pytestmark = pytest.mark.anyio

PROGRAM = Path(__file__).parent / "worker_process.py"


@asynccontextmanager
async def worker(url: str, file: Path, point: str = "none") -> AsyncGenerator[Process]:
    """A worker process that is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), url, point, str(file), stdout=asyncio.subprocess.PIPE
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


def effects(file: Path) -> list[str]:
    """The effects there were."""
    return file.read_text().split() if file.exists() else []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the effects are."""
    return tmp_path / "effects"


@pytest.mark.parametrize(
    ("point", "times"), [("begin", 1), ("before", 1), ("during", 1), ("after", 2)]
)
async def test_a_job_whose_worker_is_killed_is_done(
    redis_url: str, file: Path, point: str, times: int
) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        async with worker(redis_url, file, point) as process:
            (job,) = await backend.enqueue([message(attempts=3)])
            assert await said(process) == point
            process.kill()
            await process.wait()
        async with worker(redis_url, file):
            record = await settled(backend, job)
        assert record.status == "completed"
        assert record.attempt == (1 if point == "begin" else 2)
        assert effects(file) == [job] * times


async def test_a_job_that_was_recorded_is_not_done_again(redis_url: str, file: Path) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        async with worker(redis_url, file) as process:
            first = await backend.enqueue([message() for _ in range(50)])
            for job in first:
                await settled(backend, job)
            process.kill()
            await process.wait()
        async with worker(redis_url, file):
            await asyncio.sleep(1.5)  # longer than the visibility
            (later,) = await backend.enqueue([message()])
            await settled(backend, later)
        assert sorted(effects(file)) == sorted([*first, later])


async def test_a_message_that_vanished_between_the_broker_and_a_worker_is_published_again(
    redis_url: str,
    file: Path,
) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        (job,) = await backend.enqueue([message()])
        with redis_of(redis_url) as client:
            assert client.brpop(["letters\x06\x169"], timeout=1) is not None
        async with worker(redis_url, file):
            assert (await settled(backend, job)).status == "completed"


async def test_the_attempts_of_a_job_that_kills_its_workers_come_to_an_end(
    redis_url: str, file: Path
) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        (job,) = await backend.enqueue([message(attempts=1)])
        async with worker(redis_url, file, "before") as process:
            assert await said(process) == "before"
            process.kill()
            await process.wait()
        async with worker(redis_url, file):
            record = await settled(backend, job)
        assert (record.status, record.code) == ("failed", "worker_lost")
        assert effects(file) == []


async def test_a_worker_that_is_told_to_end_returns_what_it_cannot_finish(
    redis_url: str, file: Path
) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        async with worker(redis_url, file, "before") as process:
            (job,) = await backend.enqueue([message(attempts=1)])
            assert await said(process) == "before"
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE):
                assert await process.wait() == 0
        record = await found(backend, job)
        assert (record.status, record.attempt) == ("waiting", 0)
        async with worker(redis_url, file):
            assert (await settled(backend, job)).attempt == 1
        assert (await backend.counts(QUEUE)).completed == 1


async def test_a_job_that_waits_for_longer_than_the_visibility_is_done_once(
    redis_url: str, file: Path
) -> None:
    async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
        async with worker(redis_url, file), worker(redis_url, file):
            (job,) = await backend.enqueue([message(due=time.time() + 3.5)])
            record = await settled(backend, job)
            (later,) = await backend.enqueue([message(due=time.time() + 1.5)])
            await settled(backend, later)
        assert (record.status, record.attempt) == ("completed", 1)
        assert effects(file) == [job, later]


async def test_no_job_is_lost_when_the_broker_is_killed_and_started_again(
    tmp_path: Path, file: Path
) -> None:
    with Broker(tmp_path) as broker:
        async with (
            CeleryBackend(broker.url, clock=SystemClock()) as backend,
            worker(broker.url, file),
            worker(broker.url, file),
        ):
            messages = [message(attempts=5, data="x") for _ in range(10_000)]
            adding = asyncio.create_task(added(backend, messages))
            for part in (2_000, 5_000):
                await until_done(file, part)
                await asyncio.to_thread(broker.kill)
                await asyncio.sleep(0.3)
                await asyncio.to_thread(broker.start)
            await adding
            await until_completed(backend, len(messages))
            counts = await backend.counts(QUEUE)
    assert (counts.waiting, counts.delayed, counts.active, counts.failed) == (0, 0, 0, 0)
    done = effects(file)
    assert set(done) == {one.id for one in messages}
    # What may be done twice is what was under way when the broker ended: no more than the workers hold.
    assert len(done) - len(messages) <= 2 * 2 * 10


async def test_no_job_is_lost_while_connections_are_cut(redis_url: str, file: Path) -> None:
    port = int(redis_url.rpartition(":")[2].partition("/")[0])
    async with FaultProxy(port) as proxy:
        async with (
            CeleryBackend(proxy.url, clock=SystemClock()) as backend,
            CeleryBackend(redis_url, clock=SystemClock()) as direct,
            worker(proxy.url, file),
        ):
            messages = [message(attempts=5) for _ in range(2_000)]
            adding = asyncio.create_task(added(backend, messages))
            for part in range(100, 2_000, 300):
                await until_done(file, part)
                proxy.cut()
            await adding
            await until_completed(direct, len(messages))
        assert proxy.cuts > 10
    assert set(effects(file)) == {one.id for one in messages}


async def added(backend: CeleryBackend, messages: Sequence[Message]) -> None:
    """Adds messages by and by; what is not known to be taken is added again, with the same ids."""
    for start in range(0, len(messages), 250):
        while True:
            try:
                await backend.enqueue(messages[start : start + 250])
            except ServiceUnavailableError:
                await asyncio.sleep(0.05)
            else:
                break


async def until_done(file: Path, count: int) -> None:
    """Returns when there are so many effects."""
    async with asyncio.timeout(120):
        while len(effects(file)) < count:  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.02)


async def until_completed(backend: CeleryBackend, count: int) -> None:
    """Returns when so many jobs are completed."""
    async with asyncio.timeout(120):
        while True:
            with suppress(ServiceUnavailableError):
                if (await backend.counts(QUEUE)).completed == count:
                    return
            await asyncio.sleep(0.05)


async def test_a_worker_ends_when_it_is_told_to_while_the_broker_is_away(
    tmp_path: Path, file: Path
) -> None:
    with Broker(tmp_path) as broker:
        async with worker(broker.url, file) as process:
            await asyncio.to_thread(broker.kill)
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(3 * PATIENCE):
                assert await process.wait() == 0


async def test_a_broker_that_is_not_there_is_said_at_the_start() -> None:
    with pytest.raises(ServiceUnavailableError, match="does not answer"):
        async with CeleryBackend("redis://127.0.0.1:1/0", clock=SystemClock()):
            pass
