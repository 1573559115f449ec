"""Workers of the embedded backend that are killed: each job is done at least once, one that was recorded not again."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pikku_core.services.clock import SystemClock
from pikku_queue.queue.embedded.backend import EmbeddedBackend
from pikku_queue.testing.conformance.recorder import PATIENCE, QUEUE, found, message, settled

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator

pytestmark = pytest.mark.anyio

PROGRAM = Path(__file__).parent / "embedded_process.py"


@asynccontextmanager
async def worker(folder: Path, point: str = "none") -> AsyncGenerator[Process]:
    """A worker process that is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), str(folder), point, stdout=asyncio.subprocess.PIPE
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


async def killed(process: Process) -> None:
    """Ends a process where it stands."""
    process.kill()
    await process.wait()


def jobs_of(folder: Path) -> EmbeddedBackend:
    """The jobs of a folder, not open yet."""
    return EmbeddedBackend(str(folder / "jobs.db"), clock=SystemClock())


def effects(folder: Path) -> list[str]:
    """The effects there were."""
    file = folder / "effects"
    return file.read_text(encoding="utf-8").split() if file.is_file() else []


@pytest.mark.parametrize(("point", "times"), [("before", 1), ("during", 1), ("after", 2)])
async def test_a_job_whose_worker_is_killed_is_done(tmp_path: Path, point: str, times: int) -> None:
    async with jobs_of(tmp_path) as backend:
        async with worker(tmp_path, point) as process:
            (job,) = await backend.enqueue([message(attempts=3)])
            assert await said(process) == point
            await killed(process)
        async with worker(tmp_path):
            record = await settled(backend, job)
        assert (record.status, record.attempt) == ("completed", 2)
        assert effects(tmp_path) == [job] * times


async def test_a_job_that_was_recorded_is_not_done_again(tmp_path: Path) -> None:
    async with jobs_of(tmp_path) as backend:
        async with worker(tmp_path) as process:
            first = await backend.enqueue([message() for _ in range(50)])
            for job in first:
                await settled(backend, job)
            await killed(process)
        async with worker(tmp_path):
            # Due after the time in which a lost job comes back.
            (later,) = await backend.enqueue([message(due=backend.now() + 1.5)])
            await settled(backend, later)
        assert sorted(effects(tmp_path)) == sorted([*first, later])


async def test_jobs_that_were_added_outlive_a_producer_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from pikku_core.services.clock import SystemClock\n"
        "from pikku_queue.queue.embedded.backend import EmbeddedBackend\n"
        "from pikku_queue.testing.conformance.recorder import message\n"
        "async def main():\n"
        "    async with EmbeddedBackend(sys.argv[1], clock=SystemClock()) as backend:\n"
        "        while True:\n"
        "            print(*await backend.enqueue([message()]), flush=True)\n"
        "asyncio.run(main())\n"
    )
    producer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path / "jobs.db"), stdout=asyncio.subprocess.PIPE
    )
    added = [await said(producer) for _ in range(20)]
    await killed(producer)
    async with jobs_of(tmp_path) as backend, worker(tmp_path):
        for job in added:
            assert (await settled(backend, job)).status == "completed"


async def test_the_attempts_of_a_job_that_kills_its_workers_come_to_an_end(tmp_path: Path) -> None:
    async with jobs_of(tmp_path) as backend:
        (job,) = await backend.enqueue([message(attempts=1)])
        async with worker(tmp_path, "before") as process:
            assert await said(process) == "before"
            await killed(process)
        async with worker(tmp_path):
            record = await settled(backend, job)
        assert (record.status, record.code) == ("failed", "worker_lost")
        assert effects(tmp_path) == []


async def test_a_job_of_a_killed_worker_goes_to_one_that_runs_beside_it(tmp_path: Path) -> None:
    async with jobs_of(tmp_path) as backend:
        async with worker(tmp_path, "before") as process:
            (job,) = await backend.enqueue([message(attempts=3)])
            assert await said(process) == "before"
            async with worker(tmp_path):
                await killed(process)
                assert (await settled(backend, job)).attempt == 2
        assert effects(tmp_path) == [job]


async def test_a_worker_that_is_told_to_end_returns_what_it_cannot_finish(tmp_path: Path) -> None:
    async with jobs_of(tmp_path) as backend:
        async with worker(tmp_path, "before") as process:
            (job,) = await backend.enqueue([message(attempts=1)])
            assert await said(process) == "before"
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE):
                assert await process.wait() == 0
        record = await found(backend, job)
        assert (record.status, record.attempt) == ("waiting", 0)
        async with worker(tmp_path):
            assert (await settled(backend, job)).attempt == 1
        assert (await backend.counts(QUEUE)).completed == 1
