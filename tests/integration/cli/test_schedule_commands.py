"""`pikku beat` and `pikku schedule`: when functions are called, and what became of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import subprocess

    from tests.integration.cli.conftest import Project

TIMES = """
from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core import pikku_sessionless_func
from pikku_queue import wire_scheduler

if TYPE_CHECKING:
    from app.services import Journal


@pikku_sessionless_func
async def tick() -> None: ...


@pikku_sessionless_func
async def digest(*, journal: Journal) -> None:
    journal.write("digested")


wire_scheduler(name="ticks", schedule="@every 1s", func=tick, overlap="allow")
wire_scheduler(name="digest", schedule="30 7 * * *", timezone="Europe/Berlin", func=digest)
wire_scheduler(name="never", schedule="@hourly", func=digest, enabled=False)
"""
QUEUE = """
from pikku_core import pikku_sessionless_func
from pikku_queue import wire_queue_worker

@pikku_sessionless_func
async def work() -> None: ...

wire_queue_worker(name="mails", func=work)
"""


@pytest.fixture
def times(project: Project) -> Project:
    """A project with schedules, and no queues."""
    project.write(times=TIMES)
    result = project.run()
    assert result.returncode == 0, result.stdout + result.stderr
    return project


def read(result: subprocess.CompletedProcess[str]) -> Any:
    """What a command printed as JSON."""
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout)


def listed(project: Project) -> dict[str, Any]:
    """What `pikku schedule list` shows, by schedule."""
    found = read(project.run("schedule", "list", "--json"))["schedules"]
    return {one["name"]: one for one in found}


def test_list_shows_when_each_fires_next(times: Project) -> None:
    shown = times.run("schedule", "list").stdout
    assert re.search(
        r"digest +30 7 \* \* \* +Europe/Berlin +digest +\d{4}-\S+ 07:30:00 CES?T", shown
    )
    assert re.search(r"never +@hourly +UTC +digest +disabled", shown)
    schedules = listed(times)
    assert schedules["digest"]["next"][10:19] == "T07:30:00"
    assert (schedules["never"]["next"], schedules["never"]["is_enabled"]) == (None, False)


def test_no_service_of_the_project_is_started(times: Project) -> None:
    assert times.run("schedule", "list").returncode == 0
    assert times.run("schedule", "run", "digest").returncode == 0
    assert times.journal() == []


def test_a_schedule_that_is_paused_does_not_fire_until_it_is_resumed(times: Project) -> None:
    assert times.run("schedule", "pause", "digest").stdout == 'The schedule "digest" is paused.\n'
    assert listed(times)["digest"]["is_paused"] is True
    assert "paused" in times.run("schedule", "list").stdout
    again = read(times.run("schedule", "pause", "digest", "--json"))
    assert again == {"schedule": "digest", "changed": False}
    resumed = times.run("schedule", "resume", "digest")
    assert resumed.stdout == 'The schedule "digest" fires again.\n'
    assert listed(times)["digest"]["is_paused"] is False


def test_run_fires_now_and_a_worker_does_what_is_called(times: Project) -> None:
    ran = times.run("schedule", "run", "digest")
    firing = re.fullmatch(r'The schedule "digest" has fired: (digest:\S+Z)\.\n', ran.stdout)
    assert firing is not None, ran.stdout + ran.stderr
    with times.running("worker", "--log-level", "info", PIKKU_QUEUE_JOB_LOG="always") as worker:
        worker.wait_for(f"done pikku-schedules {firing[1]}")
        assert worker.stop() == 0, worker.text
    assert times.journal() == ["opened", "digested", "closed"]
    assert listed(times)["digest"]["last"]["status"] == "completed"


def test_beat_fires_and_leaves_the_work_to_workers(times: Project) -> None:
    with times.running("beat") as beat:
        ready = beat.wait_for("^scheduler ready: (.*)$")
        assert ready[1] == "2 schedules (embedded)"
        with times.running("worker", PIKKU_QUEUE_JOB_LOG="always") as worker:
            worker.wait_for("done pikku-schedules ticks:")
            assert worker.stop() == 0, worker.text
        assert beat.stop() == 0, beat.text
    assert "queue ready" not in beat.text


def test_a_worker_that_filters_leave_the_schedules_runs_them(times: Project) -> None:
    times.write(mails=QUEUE)
    assert times.run().returncode == 0
    for choice, queues in (("mails", "mails"), ("pikku-*", "pikku-schedules")):
        with times.running("worker", "--queues", choice) as worker:
            assert worker.wait_for("^queue ready: (.*)$")[1] == f"queues {queues} (embedded)"
            assert worker.stop() == 0, worker.text


def test_dev_shows_what_fires_next(times: Project) -> None:
    with times.running("dev", "--port", "0") as dev:
        dev.wait_for(r'"digest" fires next at \d{4}-\d\d-\d\d 07:30:00 CES?T\.')
        dev.wait_for(r"^\d\d:\d\d:\d\d done pikku-schedules ticks:")
        assert dev.stop() == 0, dev.text


@pytest.mark.parametrize("command", ["run", "pause", "resume"])
def test_a_schedule_that_is_not_there_is_refused(times: Project, command: str) -> None:
    result = times.run("schedule", command, "digests")
    assert result.returncode == 2, result.stdout + result.stderr
    assert 'There is no schedule "digests" in this project. Did you mean "digest"?' in result.stderr
