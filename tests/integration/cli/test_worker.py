"""`pikku worker`: processes that work off queues and serve nothing else."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project

MAILS = """
from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from pikku_core import pikku_sessionless_func
from pikku_queue import WorkerConfig, wire_queue_worker

if TYPE_CHECKING:
    from app.services import Journal
    from pikku_app import Queue


class Mail(BaseModel):
    to: str


@pikku_sessionless_func
async def send(data: Mail, *, journal: Journal) -> str:
    journal.write(f"sent-{data.to}")
    Path("pipe").write_text(data.to)
    if data.to == "forever":
        await asyncio.Event().wait()
    if data.to == "nobody":
        raise ValueError("there is nobody")
    return data.to


@pikku_sessionless_func
async def count(data: int) -> None:
    Path("pipe").write_text(str(data))


@pikku_sessionless_func(expose="public")
async def add_mail(data: Mail, *, queue: Queue) -> str:
    return (await queue.mails.add(data)).id


@pikku_sessionless_func(expose="public")
async def add_number(data: int, *, queue: Queue) -> None:
    await queue.numbers.add(data)


wire_queue_worker(name="mails", func=send, config=WorkerConfig(attempts=1), tags=["slow"])
wire_queue_worker(name="numbers", func=count)
"""


@pytest.fixture
def mails(project: Project) -> Project:
    """A project with two queues whose functions write to a named pipe."""
    project.write(mails=MAILS)
    result = project.run()
    assert result.returncode == 0, result.stdout + result.stderr
    os.mkfifo(project.root / "pipe")
    return project


def added(project: Project, to: str) -> str:
    """Adds a mail, and returns the job's id."""
    result = project.run("call", "add_mail", json.dumps({"to": to}))
    assert result.returncode == 0, result.stderr
    identity: str = json.loads(result.stdout)
    return identity


def counted(project: Project, queue: str = "mails") -> dict[str, Any]:
    """How many jobs there are, by status, without those that there are none of."""
    result = project.run("queue", "stats", queue, "--json")
    assert result.returncode == 0, result.stderr
    (row,) = json.loads(result.stdout)["queues"]
    return {name: many for name, many in row.items() if many and name not in {"name", "worker"}}


def test_it_works_off_jobs_without_a_server(mails: Project) -> None:
    added(mails, "ada")
    with mails.running("worker") as worker:
        assert worker.wait_for(r"^queue ready: (.*)$")[1] == "queues mails, numbers (embedded)"
        assert (mails.root / "pipe").read_text() == "ada"
        assert worker.stop() == 0, worker.text
    assert "http" not in worker.text
    assert counted(mails) == {"completed": 1}


def test_services_live_once_however_many_jobs_there_are(mails: Project) -> None:
    for name in ("ada", "bob"):
        added(mails, name)
    (mails.root / "journal").unlink()
    with mails.running("worker", "--concurrency", "1") as worker:
        assert (mails.root / "pipe").read_text() == "ada"
        assert (mails.root / "pipe").read_text() == "bob"
        assert worker.stop() == 0, worker.text
    assert mails.journal() == ["opened", "sent-ada", "sent-bob", "closed"]


def test_what_is_not_done_within_the_grace_is_given_back(mails: Project) -> None:
    identity = added(mails, "forever")
    with mails.running("worker", "--grace", "0") as worker:
        assert (mails.root / "pipe").read_text() == "forever"
        assert worker.stop() == 0, worker.text
    (job,) = json.loads(mails.run("queue", "peek", "mails", "--json").stdout)["jobs"]
    assert (job["id"], job["status"], job["attempt"]) == (identity, "waiting", 0)


@pytest.mark.parametrize(
    "choice", ["--queues=numbers", "--exclude-queues=ma*", "--exclude-tags=slow"]
)
def test_filters_choose_the_queues(mails: Project, choice: str) -> None:
    added(mails, "ada")
    assert mails.run("call", "add_number", "7").returncode == 0
    with mails.running("worker", choice) as worker:
        assert worker.wait_for(r"^queue ready: (.*)$")[1] == "queues numbers (embedded)"
        assert (mails.root / "pipe").read_text() == "7"
        assert worker.stop() == 0, worker.text
    assert counted(mails) == {"waiting": 1}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--queues", "mail"], 'matches nothing (did you mean "mails"?)'),
        (
            ["--queues", "mails,number"],
            '"--queues=number" matches nothing. Did you mean "numbers"?',
        ),
        (["--wires", "http"], "The filters leave no queue to work off."),
        (["--concurrency", "0"], 'The value of "--concurrency" is wrong'),
    ],
)
def test_what_it_cannot_do_is_refused(mails: Project, arguments: list[str], sentence: str) -> None:
    result = mails.run("worker", *arguments)
    assert result.returncode == 2, result.stdout + result.stderr
    assert sentence in result.stderr


def test_a_project_without_queues_has_nothing_for_it(generated: Project) -> None:
    result = generated.run("worker")
    assert result.returncode == 1
    assert result.stderr == (
        'Error: There is nothing for "queue" to run: the project has no wiring of the kind "queue".\n'
    )


@pytest.mark.parametrize("choice", [("--only", "http"), ("--without", "queue")])
def test_a_server_runs_without_it(mails: Project, choice: tuple[str, str]) -> None:
    added(mails, "ada")
    with mails.running("serve", "--port", "0", *choice) as server:
        server.address()
        assert server.stop() == 0, server.text
    assert "queue ready" not in server.text
    assert counted(mails) == {"waiting": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--only", "htp"], 2, 'There is no component "htp". Did you mean "http"?'),
        (["--without", "http,queue"], 1, 'There is nothing left to serve without "http", "queue".'),
        (["--only", "queue", "--port", "8000"], 2, "Nothing in this project listens on a port"),
    ],
)
def test_components_that_are_not_there_are_refused(
    mails: Project, arguments: list[str], code: int, sentence: str
) -> None:
    result = mails.run("serve", *arguments)
    assert result.returncode == code, result.stdout + result.stderr
    assert sentence in result.stderr
