"""The embedded backend: the suite of backends, and what it alone has."""

from __future__ import annotations

import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core.services.clock import SystemClock
from pikku_queue.queue.embedded.backend import EmbeddedBackend
from pikku_queue.testing import QueueConformance, SharedQueueConformance

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pikku_queue.queue.backend import Backend


class TestEmbeddedInMemory(QueueConformance):
    """In memory."""

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[Backend]:
        async with EmbeddedBackend(":memory:", clock=SystemClock()) as backend:
            yield backend


class TestEmbeddedInAFile(QueueConformance, SharedQueueConformance):
    """In a file, which other processes have open too."""

    path: Path

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[Backend]:
        with tempfile.TemporaryDirectory() as folder:
            self.path = Path(folder, "jobs.db")
            async with self.joined() as backend:
                yield backend

    @asynccontextmanager
    async def joined(self) -> AsyncGenerator[Backend]:
        async with EmbeddedBackend(str(self.path), clock=SystemClock()) as backend:
            yield backend
