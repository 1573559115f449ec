"""Several processes with one schedule: each moment fires once, whichever of them is killed or stands still."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pikku_core.services.clock import SystemClock
from pikku_queue.queue.embedded.backend import EmbeddedBackend
from pikku_queue.scheduler import QUEUE
from pikku_queue.testing.conformance.recorder import PATIENCE, until

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator

pytestmark = pytest.mark.anyio

PROGRAM = Path(__file__).parent / "scheduler_process.py"


@asynccontextmanager
async def scheduler(folder: Path, *arguments: str) -> AsyncGenerator[Process]:
    """A process that fires, and is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), str(folder), *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(3 * PATIENCE):
            assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class Firings:
    """What was fired in a folder and run by nobody."""

    def __init__(self, backend: EmbeddedBackend) -> None:
        self._backend = backend

    async def moments(self) -> list[int]:
        """The moments that were fired, in order."""
        jobs = await self._backend.list(QUEUE, "waiting", 1000)
        texts = [job.id.partition(":")[2] for job in jobs]
        return sorted(int(datetime.fromisoformat(text).timestamp()) for text in texts)

    async def more(self, count: int) -> None:
        """Returns when so many more were fired."""
        wanted = len(await self.moments()) + count
        async with asyncio.timeout(3 * PATIENCE):
            while len(await self.moments()) < wanted:  # noqa: ASYNC110 - a store tells nobody
                await asyncio.sleep(0.05)


@asynccontextmanager
async def firings(folder: Path) -> AsyncGenerator[Firings]:
    """The firings of a folder."""
    async with EmbeddedBackend(str(folder / "jobs.db"), clock=SystemClock()) as backend:
        yield Firings(backend)


async def run_by_three(folder: Path, *arguments: str) -> list[str]:
    """Which firings three processes have run."""
    effects = folder / "effects"
    effects.touch()
    async with (
        scheduler(folder, *arguments),
        scheduler(folder, *arguments),
        scheduler(folder, *arguments),
    ):
        await until(lambda: len(effects.read_text().split()) >= 4)
    return effects.read_text().split()


async def test_each_moment_runs_once_however_many_processes_there_are(tmp_path: Path) -> None:
    ids = await run_by_three(tmp_path, "all")
    assert len(ids) == len(set(ids))


async def test_on_redis_each_moment_runs_once_too(tmp_path: Path, redis_url: str) -> None:
    ids = await run_by_three(tmp_path, "all", redis_url)
    assert len(ids) == len(set(ids))


async def test_where_the_holder_is_killed_each_moment_fires_once(tmp_path: Path) -> None:
    async with firings(tmp_path) as fired, scheduler(tmp_path, "beat") as holder:
        await fired.more(2)
        async with scheduler(tmp_path, "beat"):
            await fired.more(1)
            holder.kill()
            await holder.wait()
            await fired.more(3)
        moments = await fired.moments()
    assert moments == list(range(moments[0], moments[0] + len(moments)))


async def test_where_a_holder_stands_still_and_goes_on_each_moment_fires_once(
    tmp_path: Path,
) -> None:
    async with firings(tmp_path) as fired, scheduler(tmp_path, "beat") as holder:
        await fired.more(2)
        async with scheduler(tmp_path, "beat"):
            holder.send_signal(signal.SIGSTOP)
            await fired.more(3)
            holder.send_signal(signal.SIGCONT)
            await fired.more(3)
        moments = await fired.moments()
    assert moments == list(range(moments[0], moments[0] + len(moments)))


async def test_a_holder_that_is_told_to_stop_leaves_the_schedules_to_another(
    tmp_path: Path,
) -> None:
    async with firings(tmp_path) as fired, scheduler(tmp_path, "beat") as holder:
        await fired.more(1)
        async with scheduler(tmp_path, "beat"):
            holder.send_signal(signal.SIGTERM)
            assert await holder.wait() == 0
            await fired.more(2)
        moments = await fired.moments()
    assert moments == list(range(moments[0], moments[0] + len(moments)))
