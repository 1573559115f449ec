"""A project whose broker is Redis, served by the command."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core.runtime.host import Host

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
