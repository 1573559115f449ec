"""The file of the embedded backend: versions of its tables."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from pikku_core import ServiceUnavailableError
from pikku_core.services.clock import SystemClock
from pikku_queue.queue.embedded.backend import EmbeddedBackend
from pikku_queue.queue.embedded.schema import MIGRATIONS, VERSION, version_of
from pikku_queue.testing.conformance.recorder import QUEUE, found, message

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


def backend_of(path: Path) -> EmbeddedBackend:
    return EmbeddedBackend(str(path), clock=SystemClock())


async def test_a_new_file_is_of_this_version(tmp_path: Path) -> None:
    async with backend_of(tmp_path / "jobs.db"):
        pass
    with sqlite3.connect(tmp_path / "jobs.db") as connection:
        assert version_of(connection) == VERSION


async def test_the_jobs_of_a_file_without_a_version_are_kept(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "jobs.db") as connection:
        for statement in MIGRATIONS[0]:
            connection.execute(statement)
        connection.execute(
            "insert into jobs (queue, id, status, data, attempts, backoff, priority, job_group, trace_id, claim, enqueued) "
            "values (?, 'old', 'waiting', x'31', 3, '{}', 0, '', '', '', 1.0)",
            (QUEUE,),
        )
    connection.close()
    async with backend_of(tmp_path / "jobs.db") as backend:
        assert (await found(backend, "old")).attempts == 3
        await backend.enqueue([message(id="new")])
        assert [one.id for one in await backend.list(QUEUE, "waiting", 10)] == ["old", "new"]


async def test_a_file_of_a_later_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "jobs.db") as connection:
        connection.execute(f"pragma user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(ServiceUnavailableError, match="by a later version of pikku-queue"):
        async with backend_of(tmp_path / "jobs.db"):
            pass
    with sqlite3.connect(tmp_path / "jobs.db") as connection:
        assert version_of(connection) == VERSION + 1
