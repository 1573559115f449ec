"""A project whose broker is Redis, served by the command."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core.runtime.host import Host
from pikku_core.services.clock import SystemClock
from pikku_queue.queue.celery.backend import CeleryBackend
from pikku_queue.testing.conformance.recorder import message, settled

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

COMMAND = Path(sys.executable).parent / "pikku"

MODULE = """
    from __future__ import annotations

    import asyncio

    from pikku_core import pikku_sessionless_func
    from pikku_queue import Job, WorkerConfig, wire_queue_worker
    from pydantic import BaseModel

    class Letter(BaseModel):
        to: str
        seconds: float = 0.0

    @pikku_sessionless_func
    async def send(data: Letter, *, job: Job) -> str:
        await job.progress("writing")
        await asyncio.sleep(data.seconds)
        return f"to {data.to}, attempt {job.attempt}"

    wire_queue_worker(name="letters", func=send, config=WorkerConfig(attempts=1))
"""


def made(project_of: ProjectOf, url: str) -> Project:
    """The project."""
    settings = f'[tool.pikku]\nsource = ["app"]\n\n[tool.pikku.queue]\nbroker = "{url}"\n'
    return project_of({"pyproject.toml": settings, "app/letters.py": MODULE})


@contextmanager
def serving(project: Project) -> Generator[subprocess.Popen[str]]:
    """The project's worker process, ready."""
    with subprocess.Popen(
        [COMMAND, "--project", project.root, "serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "queues letters (celery)" in line:
                break
        else:
            pytest.fail("".join(lines))
        try:
            yield process
        finally:
            process.kill()


async def test_a_job_of_a_project_is_done_by_another_process(
    redis_url: str, project_of: ProjectOf
) -> None:
    project = made(project_of, redis_url)
    with serving(project):
        async with Host.load(project.generated).app as app:
            queue: Any = app.service("queue_connection").queue
            job = await queue.letters.add({"to": "ada"})
            assert await job.result(within="20s") == "to ada, attempt 1"


async def test_a_process_that_is_told_to_end_finishes_its_job(
    redis_url: str, project_of: ProjectOf
) -> None:
    project = made(project_of, redis_url)
    async with Host.load(project.generated).app as app:
        queue: Any = app.service("queue_connection").queue
        with serving(project) as process:
            job = await queue.letters.add({"to": "ada", "seconds": 0.5})
            while await job.progress() is None:
                pass
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        assert await job.result(within="1s") == "to ada, attempt 1"


async def test_data_that_no_longer_fits_is_a_dead_letter_with_the_reason(
    redis_url: str, project_of: ProjectOf
) -> None:
    project = made(project_of, redis_url)
    with serving(project):
        async with CeleryBackend(redis_url, clock=SystemClock()) as backend:
            # As a release sent it in which the letters had another form.
            (job,) = await backend.enqueue([message(data={"address": "ada"}, attempts=5)])
            record = await settled(backend, job)
    assert (record.status, record.attempt, record.code) == ("failed", 1, "invalid_data")
    assert "to" in record.error


CELERY = Path(sys.executable).parent / "celery"


@contextmanager
def celery_worker(project: Project, *options: str) -> Generator[subprocess.Popen[str]]:
    """Celery's own command, ready."""
    with subprocess.Popen(
        [CELERY, "-A", "pikku_app.queue", "worker", "-l", "INFO", *options],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if " ready." in line:
                break
        else:
            pytest.fail("".join(lines))
        try:
            yield process
        finally:
            process.kill()


def inspect(project: Project) -> str:
    """What Celery says of the workers that there are."""
    result = subprocess.run(
        [CELERY, "-A", "pikku_app.queue", "inspect", "registered", "--timeout", "5"],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout + result.stderr


async def test_celerys_own_command_works_a_project_off(
    redis_url: str, project_of: ProjectOf
) -> None:
    project = made(project_of, redis_url)
    with celery_worker(project) as process:
        inspected = await asyncio.to_thread(inspect, project)
        assert "pikku.letters" in inspected
        async with Host.load(project.generated).app as app:
            queue: Any = app.service("queue_connection").queue
            jobs = await queue.letters.add_many([{"to": "ada", "seconds": 0.3}] * 30)
            assert await jobs[-1].result(within="20s") == "to ada, attempt 1"
            last = await queue.letters.add({"to": "bob", "seconds": 0.5})
            while await last.progress() is None:
                pass
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
            assert await last.result(within="1s") == "to bob, attempt 1"


async def test_celerys_own_command_gives_back_what_it_is_told_to_leave(
    redis_url: str, project_of: ProjectOf
) -> None:
    project = made(project_of, redis_url)
    with celery_worker(project) as process:
        async with Host.load(project.generated).app as app:
            queue: Any = app.service("queue_connection").queue
            job = await queue.letters.add({"to": "ada", "seconds": 60.0})
            while await job.progress() is None:
                pass
            process.send_signal(signal.SIGQUIT)
            process.wait(20)
            record = await job.record()
    assert (record.status, record.attempt) == ("waiting", 0)


def test_another_pool_is_refused(redis_url: str, project_of: ProjectOf) -> None:
    project = made(project_of, redis_url)
    result = subprocess.run(
        [CELERY, "-A", "pikku_app.queue", "worker", "-P", "threads"],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "run on an event loop: leave the pool (-P, --pool) out" in result.stderr


def test_a_project_whose_jobs_are_in_a_file_is_refused_by_celery(project_of: ProjectOf) -> None:
    project = project_of(
        {"pyproject.toml": '[tool.pikku]\nsource = ["app"]\n', "app/letters.py": MODULE}
    )
    result = subprocess.run(
        [CELERY, "-A", "pikku_app.queue", "worker"],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert 'The setting "queue.broker" is "embedded"' in result.stderr
