"""Waiting for all jobs in a test."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import App, pikku_sessionless_func
from pikku_core.services.clock import system_clock
from pikku_queue import (
    Job,
    Queue,
    WorkerConfig,
    fixed,
    queue_connection,
    queue_service,
    wire_queue_worker,
)
from pikku_queue.plugin import pikku_shutdown, pikku_startup
from pikku_queue.testing import all_settled, working

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def app_of(*wirings: Any) -> AsyncGenerator[App]:
    app = App(
        wirings,
        services=[queue_service, queue_connection, system_clock],
        startup=[pikku_startup],
        shutdown=[pikku_shutdown],
    )
    async with app:
        yield app


async def test_it_waits_for_jobs_that_jobs_add_and_for_those_that_are_tried_again() -> None:
    done: list[int] = []

    @pikku_sessionless_func
    async def second(data: int, *, job: Job) -> None:
        if not job.is_last_attempt:
            job.fail("not yet")
        done.append(data)

    @pikku_sessionless_func
    async def first(data: int, *, queue: Queue) -> None:
        await queue.a.add_many(range(data))

    config = WorkerConfig(attempts=2, backoff=fixed("20ms"))
    wirings = (
        wire_queue_worker(name="a", func=second, config=config),
        wire_queue_worker(name="b", func=first),
    )
    async with app_of(*wirings) as app, working(app):
        await app.service("queue").b.add(3)
        await all_settled(app)
        assert sorted(done) == [0, 1, 2]


async def test_it_does_not_wait_for_ever() -> None:
    @pikku_sessionless_func
    async def never(*, queue: Queue) -> None: ...

    async with app_of(wire_queue_worker(name="a", func=never)) as app:
        await app.service("queue").a.add()
        with pytest.raises(TimeoutError):
            await all_settled(app, within="10ms")
