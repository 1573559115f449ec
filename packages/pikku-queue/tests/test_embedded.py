"""The embedded backend: the suite of backends, and what it alone has."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from pikku_core.services.clock import SystemClock
from pikku_queue.queue.embedded.backend import EmbeddedBackend
from pikku_queue.testing import QueueConformance

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pikku_queue.queue.backend import Backend


class TestEmbeddedInMemory(QueueConformance):
    """In memory."""

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[Backend]:
        async with EmbeddedBackend(":memory:", clock=SystemClock()) as backend:
            yield backend
