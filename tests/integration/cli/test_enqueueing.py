"""Adding jobs from a function behind HTTP, in a server that has other things to do."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project

MAILS = """
from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core import pikku_sessionless_func
from pikku_http import wire_http
from pikku_queue import wire_queue_worker

if TYPE_CHECKING:
    from pikku_app import Queue, SyncQueue


@pikku_sessionless_func
async def send(data: str) -> None: ...


@pikku_sessionless_func
async def sign_up(data: str, *, queue: Queue) -> str:
    return (await queue.mails.add(data)).id


@pikku_sessionless_func
def sign_up_at_once(data: str, *, queue: SyncQueue) -> str:
    return queue.mails.add(data).id


wire_queue_worker(name="mails", func=send)
wire_http(method="post", route="/async", func=sign_up)
wire_http(method="post", route="/sync", func=sign_up_at_once)
"""
REQUESTS = 20
"""Requests to another route, each over a connection of its own, while a job waits for the file."""


@pytest.mark.parametrize("route", ["/async", "/sync"])
def test_adding_a_job_does_not_keep_the_event_loop_waiting(project: Project, route: str) -> None:
    project.write(mails=MAILS)
    assert project.run().returncode == 0
    with project.running("serve", "--port", "0") as server, ThreadPoolExecutor(1) as clients:
        address = server.address()
        assert httpx.post(f"{address}{route}", json="ada").status_code == 200
        # This process has the only lock for writing: nothing of the server's gets to the disk.
        with closing(
            sqlite3.connect(project.root / "pikku-queue.db", isolation_level=None)
        ) as held:
            held.execute("begin immediate")
            answer = clients.submit(httpx.post, f"{address}{route}", json="bob", timeout=60)
            for _ in range(REQUESTS):
                assert httpx.get(f"{address}/greet").json() == "hello"
            assert not answer.done()
            held.execute("rollback")
        assert answer.result().status_code == 200
        assert server.stop() == 0, server.text
