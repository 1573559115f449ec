"""Schedules in the embedded backend: the suite, in memory and on a file."""

from __future__ import annotations

from contextlib import asynccontextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pikku_core.services.clock import SystemClock
from pikku_queue.queue.embedded.backend import EmbeddedBackend
from pikku_queue.testing import SchedulerConformance

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pikku_queue.queue.backend import Backend


class TestSchedulesInMemory(SchedulerConformance):
    """In memory."""

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[Backend]:
        async with EmbeddedBackend(":memory:", clock=SystemClock()) as backend:
            yield backend


class TestSchedulesOnAFile(SchedulerConformance):
    """On a file."""

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[Backend]:
        with TemporaryDirectory() as folder:
            async with EmbeddedBackend(f"{folder}/jobs.db", clock=SystemClock()) as backend:
                yield backend
