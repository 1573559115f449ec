"""Other Celery programs: they add jobs, work them off, and see our workers."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] -- it has no types
from tests.integration.queue.conftest import redis_of, working

from pikku_core.services.clock import SystemClock
from pikku_queue import WorkerConfig
from pikku_queue.queue.celery.backend import CeleryBackend
from pikku_queue.queue.outcome import Failed, Retried
from pikku_queue.testing.conformance.recorder import PATIENCE, QUEUE, Recorder, message, until

if TYPE_CHECKING:
    from collections.abc import Generator

pytestmark = [
    pytest.mark.anyio,
    # Celery's own store of results calls what newer releases of redis discourage.
    pytest.mark.filterwarnings("ignore:Call to deprecated setex:DeprecationWarning"),
]

FOLDER = Path(__file__).parent


def plain(url: str) -> Any:
    """A Celery app of somebody else."""
    return Celery("plain", broker=url, backend=url, set_as_current=False)


async def beside(call: Any, *arguments: Any, **options: Any) -> Any:
    """What a blocking call of Celery's returns."""
    return await asyncio.to_thread(call, *arguments, **options)


async def test_a_plain_producer_adds_a_job_and_gets_its_result(redis_url: str) -> None:
    recorder, app = Recorder(), plain(redis_url)
    async with working(redis_url, recorder.execute, WorkerConfig(attempts=2)) as backend:
        task = await beside(
            app.send_task, "pikku.letters", kwargs={"data": {"to": "ada"}}, queue=QUEUE
        )
        assert await beside(task.get, timeout=PATIENCE) == {"to": "ada"}
        record = await backend.get(QUEUE, task.id)
    assert json.loads(recorder.deliveries[0].message.data) == {"to": "ada"}
    assert record is not None
    assert (record.status, record.attempts) == ("completed", 2)


async def test_a_job_of_a_plain_producer_is_tried_again_and_its_failure_told(
    redis_url: str,
) -> None:
    recorder, app = Recorder(), plain(redis_url)
    async with working(redis_url, recorder.execute, WorkerConfig(attempts=2)):
        recorder.gives("chosen", Retried(after=0.01, error="no"), Failed(error="never"))
        task = await beside(
            app.send_task, "pikku.letters", args=[{"to": "ada"}], queue=QUEUE, task_id="chosen"
        )
        await until(lambda: len(recorder.deliveries) == 2)
        error = await beside(task.get, timeout=PATIENCE, propagate=False)
        assert str(error) == "never"
    assert [one.attempt for one in recorder.deliveries] == [1, 2]
    assert [json.loads(one.message.data) for one in recorder.deliveries] == [{"to": "ada"}] * 2


async def test_celery_inspect_sees_our_worker(redis_url: str) -> None:
    recorder, app = Recorder(), plain(redis_url)
    async with working(redis_url, recorder.execute, WorkerConfig(attempts=2)) as backend:
        job = message(id="held")
        gate = recorder.holds(job.id)
        await backend.enqueue([job])
        await until(lambda: recorder.active == 1)
        inspect = app.control.inspect(timeout=3, limit=1)
        (answer,) = (await beside(inspect.ping)).values()
        (registered,) = (await beside(inspect.registered)).values()
        (active,) = (await beside(inspect.active)).values()
        gate.set()
    assert answer == {"ok": "pong"}
    assert "pikku.letters" in registered
    assert [task["name"] for task in active] == ["pikku.letters"]


async def test_celerys_events_tell_of_jobs_as_flower_sees_them(redis_url: str) -> None:
    recorder, app, events = Recorder(), plain(redis_url), list[dict[str, Any]]()

    connection = app.connection_for_read()
    receiver = app.events.Receiver(connection, handlers={"*": events.append})

    def types() -> list[str]:
        return [one["type"] for one in events]

    listening = threading.Thread(target=lambda: receiver.capture(limit=None, wakeup=False))
    async with working(redis_url, recorder.execute) as backend:
        listening.start()
        await until(lambda: "worker-heartbeat" in types())
        await beside(app.control.enable_events, reply=True, timeout=2)
        job = message(id="f" * 32)
        await backend.enqueue([job])
        await until(lambda: "task-succeeded" in types())
        receiver.should_stop = True
        await beside(listening.join)
    connection.close()
    told = [one for one in events if one.get("uuid") == job.id]
    assert [one["type"] for one in told] == ["task-received", "task-started", "task-succeeded"]
    assert told[0]["name"] == "pikku.letters"


@contextmanager
def plain_worker(url: str) -> Generator[None]:
    """Somebody else's worker, ready."""
    command = [sys.executable, "-m", "celery", "-A", "plain_celery", "worker", "-P", "solo"]
    with subprocess.Popen(
        [*command, "-Q", QUEUE, "-l", "INFO", "--without-gossip", "--without-mingle"],
        cwd=FOLDER,
        env={**os.environ, "PLAIN_CELERY_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert any(" ready." in line for line in process.stderr)
        rest = threading.Thread(target=process.stderr.read)
        rest.start()
        try:
            yield
        finally:
            process.terminate()
            rest.join()


async def test_a_plain_worker_works_off_our_jobs(redis_url: str) -> None:
    with plain_worker(redis_url), redis_of(redis_url) as client:
        async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
            await backend.enqueue([message(data={"to": "ada"}), message(data={"to": "bob"})])
            await until(lambda: client.llen("seen") == 2)
        assert client.lrange("seen", 0, -1) == [b"ada", b"bob"]
