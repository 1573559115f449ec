"""`pikku queue`: what there is in the queues, and what becomes of single jobs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    import subprocess

    from tests.integration.cli.conftest import Project

LETTERS = """
from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

from pikku_core import pikku_sessionless_func
from pikku_queue import WorkerConfig, fixed, wire_queue_worker

if TYPE_CHECKING:
    from pikku_app import Queue


class Letter(BaseModel):
    to: str
    id: str


@pikku_sessionless_func
async def send(data: Letter) -> None:
    if data.to == "nobody":
        raise ValueError("there is nobody")


@pikku_sessionless_func(expose="public")
async def add(data: list[Letter], *, queue: Queue) -> None:
    for letter in data:
        await queue.letters.add(letter, job_id=letter.id)


@pikku_sessionless_func
async def rest() -> None: ...


wire_queue_worker(
    name="letters", func=send, config=WorkerConfig(attempts=2, backoff=fixed("10ms"))
)
wire_queue_worker(name="idle", func=rest)
"""


@pytest.fixture
def letters(project: Project) -> Project:
    """A project with two queues."""
    project.write(letters=LETTERS)
    result = project.run()
    assert result.returncode == 0, result.stdout + result.stderr
    return project


def add(project: Project, **letters: str) -> None:
    """Adds jobs: the id of each, and to whom it is."""
    data = [{"id": identity, "to": to} for identity, to in letters.items()]
    result = project.run("call", "add", json.dumps(data))
    assert result.returncode == 0, result.stderr


def worked_off(project: Project, **letters: str) -> None:
    """Adds jobs and waits until they are settled."""
    add(project, **letters)
    with project.running("worker") as worker:
        worker.wait_for("queue ready")
        left = 1
        while left:
            (row,) = read(project.run("queue", "stats", "letters", "--json"))["queues"]
            left = row["waiting"] + row["delayed"] + row["active"]
        assert worker.stop() == 0, worker.text


def read(result: subprocess.CompletedProcess[str]) -> Any:
    """What a command printed as JSON."""
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout)


def ids(project: Project, *arguments: str) -> list[str]:
    """The jobs that a command shows."""
    return [job["id"] for job in read(project.run("queue", *arguments, "--json"))["jobs"]]


def test_list_shows_queues_and_who_works_them_off(letters: Project) -> None:
    shown = letters.run("queue", "list").stdout.splitlines()
    assert [line.split() for line in shown[1:]] == [
        ["Queue", "Function", "Worker"],
        ["idle", "rest"],
        ["letters", "send", "attempts=2,", "backoff=fixed", "0.01", "s"],
    ]
    first, second = read(letters.run("queue", "list", "--json"))["queues"]
    assert first == {"name": "idle", "function": "rest", "config": {}}
    assert second["config"]["attempts"] == 2
    assert not (letters.root / "pikku-queue.db").exists()


def test_stats_counts_jobs_by_status(letters: Project) -> None:
    add(letters, one="ada", two="bob")
    shown = letters.run("queue", "stats").stdout.splitlines()
    assert [line.split()[:2] for line in shown] == [
        ["Jobs:"],
        ["Queue", "Waiting"],
        ["idle", "0"],
        ["letters", "2"],
    ]


def test_peek_shows_jobs_in_the_order_in_which_they_are_taken(letters: Project) -> None:
    add(letters, one="ada", two="bob")
    (job, _) = read(letters.run("queue", "peek", "letters", "--json"))["jobs"]
    assert job["data"] == {"to": "ada", "id": "one"}
    assert (job["status"], job["attempt"], job["attempts"]) == ("waiting", 0, 2)
    assert ids(letters, "peek", "letters", "--limit", "1") == ["one"]
    shown = letters.run("queue", "peek", "letters").stdout
    assert "  two  0 of 2   " in shown
    assert letters.run("queue", "peek", "letters", "--status", "failed").stdout == (
        'No job of "letters" is failed.\n'
    )


def test_dead_letters_are_shown_with_their_reason_and_retried(letters: Project) -> None:
    worked_off(letters, one="ada", two="nobody")
    (letter,) = read(letters.run("queue", "dead", "letters", "--json"))["jobs"]
    assert (letter["id"], letter["attempt"], letter["code"]) == ("two", 2, "internal_error")
    assert read(letters.run("queue", "retry", "letters", "two", "--json")) == {
        "queue": "letters",
        "retried": ["two"],
    }
    assert ids(letters, "dead", "letters") == []
    assert ids(letters, "peek", "letters") == ["two"]


def test_dead_letters_are_replayed_one_by_one_or_all(letters: Project) -> None:
    worked_off(letters, a="nobody", b="nobody", c="nobody")
    assert letters.run("queue", "dead", "letters", "--replay", "b").stdout == (
        "1 dead letter was replayed.\n"
    )
    assert ids(letters, "peek", "letters") == ["b"]
    replayed = read(letters.run("queue", "dead", "letters", "--replay-all", "--json"))
    assert sorted(replayed["replayed"]) == ["a", "c"]
    assert ids(letters, "dead", "letters") == []


def test_dead_letters_are_dropped_one_by_one_or_all(letters: Project) -> None:
    worked_off(letters, a="nobody", b="nobody", c="nobody", d="ada")
    assert read(letters.run("queue", "dead", "letters", "--drop", "b", "--json"))["dropped"] == [
        "b"
    ]
    assert sorted(ids(letters, "dead", "letters")) == ["a", "c"]
    assert letters.run("queue", "dead", "letters", "--drop-all").stdout == (
        "2 dead letters were dropped.\n"
    )
    assert ids(letters, "dead", "letters") == []
    assert ids(letters, "peek", "letters", "--status", "completed") == ["d"]


def test_a_queue_whose_worker_is_gone_is_shown_still(letters: Project) -> None:
    add(letters, one="ada")
    letters.replace("letters", 'name="letters"', 'name="post"')
    letters.replace("letters", "queue.letters", "queue.post")
    assert letters.run().returncode == 0
    assert "letters (no worker)" in letters.run("queue", "stats").stdout
    assert ids(letters, "peek", "letters") == ["one"]


def test_a_queue_that_others_work_off_is_shown(letters: Project) -> None:
    with letters.module("letters").open("a") as module:
        module.write('\nfrom pikku_queue import wire_queue\n\nwire_queue(name="faxes", data=str)\n')
    assert letters.run().returncode == 0
    assert "faxes (no worker)" in letters.run("queue", "stats").stdout


def test_doctor_says_what_the_broker_can_do(letters: Project) -> None:
    found = json.loads(letters.run("doctor", "--json").stdout)["findings"]
    (line,) = [one for one in found if one["check"] == "queue.broker"]
    assert line["level"] == "note"
    assert line["message"].startswith('PKU957 The broker "embedded" honours attempts, backoff, ')
    assert not (letters.root / "pikku-queue.db").exists()


def test_doctor_says_that_a_broker_cannot_be_used(letters: Project) -> None:
    result = letters.run(
        "doctor",
        "--json",
        PIKKU_QUEUE_BROKER="redis://nowhere",
        PIKKU_QUEUE_DATABASE="jobs.db",
    )
    found = [one for one in json.loads(result.stdout)["findings"] if one["check"] == "queue.broker"]
    assert [one["level"] for one in found] == ["error"]
    assert result.returncode == 1


def test_dev_shows_jobs_as_they_are_added_done_and_failed(letters: Project) -> None:
    with letters.running("dev", "--port", "0") as dev:
        dev.wait_for("^queue ready")
        add(letters, one="ada", two="nobody")
        lines = [dev.wait_for(r"^\d\d:\d\d:\d\d (\w+ letters .*)$")[1] for _ in range(3)]
        assert dev.stop() == 0, dev.text
    said = sorted(re.sub(r"[\d.]+ ms", "- ms", line) for line in lines)
    assert said == [
        "done letters one - ms",
        "failed letters two - ms, attempt 2 of 2: The server could not complete the call.",
        "retried letters two - ms, attempt 1 of 2, again in 0.0 s",
    ]


@pytest.mark.parametrize(
    ("setting", "command", "is_logged"),
    [("dev", "serve", False), ("always", "serve", True), ("never", "dev", False)],
)
def test_the_setting_says_where_jobs_are_logged(
    letters: Project, setting: str, command: str, is_logged: bool
) -> None:
    variables = {"PIKKU_QUEUE_JOB_LOG": setting, "PIKKU_HTTP_RPC": "/rpc"}
    with letters.running(command, "--port", "0", **variables) as server:
        address = server.address()
        answer = httpx.post(f"{address}/rpc/add", json=[{"to": "ada", "id": "one"}])
        assert answer.status_code < 300, answer.text
        pending = True
        while pending:
            (row,) = read(letters.run("queue", "stats", "letters", "--json"))["queues"]
            pending = not row["completed"]
        assert server.stop() == 0, server.text
    assert ("added letters one" in server.text) == is_logged
    assert ("done letters one" in server.text) == is_logged


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["stats", "leters"], 2, 'There is no queue "leters". Did you mean "letters"?'),
        (["peek", "mails"], 2, 'There is no queue "mails". There is idle, letters.'),
        (["peek", "letters", "--status", "dead"], 2, 'There is no status "dead"'),
        (["retry", "letters", "tow"], 2, 'There is no job "tow" in "letters".'),
        (["retry", "letters", "one"], 1, 'The job "one" of "letters" is waiting: only one that'),
        (["dead", "letters", "--replay", "one"], 1, "is no dead letter: it is waiting."),
        (["dead", "letters", "--replay", "one", "--replay-all"], 2, 'One of "--replay"'),
    ],
)
def test_what_is_not_there_is_refused(
    letters: Project, arguments: list[str], code: int, sentence: str
) -> None:
    add(letters, one="ada")
    result = letters.run("queue", *arguments)
    assert result.returncode == code, result.stdout + result.stderr
    assert sentence in result.stderr
