"""The embedded backend on a file: what happens when the file does not take what it is given."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core.services.clock import SystemClock
from pikku_queue import WorkerConfig
from pikku_queue.queue.embedded.backend import EmbeddedBackend
from pikku_queue.queue.outcome import Retried
from pikku_queue.testing.conformance.recorder import QUEUE, Recorder, message, settled, until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


async def test_who_waits_for_a_job_that_is_tried_again_later_rests(tmp_path: Path) -> None:
    recorder, stopping, reads = Recorder(), asyncio.Event(), list[Any]()
    async with EmbeddedBackend(str(tmp_path / "jobs.db"), clock=SystemClock()) as backend:
        job = message(attempts=2)
        recorder.gives(job.id, Retried(after=3600, error="no"))
        await backend.enqueue([job])
        working = asyncio.create_task(
            backend.work(
                {QUEUE: WorkerConfig()},
                recorder.execute,
                concurrency=2,
                stopping=stopping,
                ready=lambda: None,
                grace=1,
            )
        )
        read = backend.store.read

        async def counted(operation: Any) -> Any:
            reads.append(operation)
            return await read(operation)

        backend.store.read = counted  # type: ignore[method-assign]  # to count
        record = await backend.settled(QUEUE, job.id, 2.0)
        stopping.set()
        await working
    assert record is not None
    assert (record.status, record.ended) == ("delayed", None)
    assert len(reads) < 60  # ten a second for who waits, and as many for the worker


async def test_a_file_that_fails_now_and_then_stops_no_worker(tmp_path: Path) -> None:
    recorder, stopping = Recorder(), asyncio.Event()
    async with EmbeddedBackend(str(tmp_path / "jobs.db"), clock=SystemClock()) as backend:
        run, tried = backend.store.run, list[Any]()

        async def failing(operation: Any) -> Any:
            if recorder.active and len(tried) < 8:
                tried.append(operation)
                if len(tried) % 2:
                    raise OSError("no space left")
            return await run(operation)

        first = message()
        gate = recorder.holds(first.id)
        await backend.enqueue([first])
        backend.store.run = failing  # type: ignore[method-assign]  # a disk that is full now and then
        config = WorkerConfig(visibility="300ms")
        working = asyncio.create_task(
            backend.work(
                {QUEUE: config},
                recorder.execute,
                concurrency=2,
                stopping=stopping,
                ready=lambda: None,
                grace=1,
            )
        )
        await until(lambda: recorder.active == 1)
        await until(lambda: len(tried) == 8)
        gate.set()
        assert (await settled(backend, first.id)).status == "completed"
        assert recorder.ids == [first.id]
        stopping.set()
        await working
