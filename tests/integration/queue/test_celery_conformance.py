"""Celery on Redis does what a backend must do."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from pikku_core.services.clock import SystemClock
from pikku_queue.queue.celery.backend import CeleryBackend
from pikku_queue.testing import QueueConformance, SharedQueueConformance

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pikku_queue.queue.backend import Backend


class TestCeleryOnRedis(QueueConformance, SharedQueueConformance):
    """A server of its own, emptied for each test."""

    url: str

    @pytest.fixture(autouse=True)
    def _url(self, redis_url: str) -> None:
        self.url = redis_url

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[Backend]:
        async with CeleryBackend(self.url, clock=SystemClock()) as backend:
            yield backend

    @asynccontextmanager
    async def joined(self) -> AsyncGenerator[Backend]:
        async with self.opened() as backend:
            yield backend


def test_the_backend_refuses_no_option() -> None:
    assert all(one.level != "refused" for one in CeleryBackend.capabilities.values())
