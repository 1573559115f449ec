"""What the suites of a backend have in common: a backend that is empty, and workers of it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

from pikku_queue.queue.worker_config import WorkerConfig
from pikku_queue.testing.conformance.recorder import PATIENCE, QUEUE, Recorder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from pikku_queue.queue.backend import Backend


class BackendSuite(ABC):
    """Opens backends, and lets workers run."""

    @abstractmethod
    def opened(self) -> AbstractAsyncContextManager[Backend]:
        """Opens an empty backend."""

    @asynccontextmanager
    async def working(
        self,
        backend: Backend,
        recorder: Recorder,
        config: WorkerConfig | None = None,
        *,
        concurrency: int = 10,
        grace: float = PATIENCE,
        queues: Sequence[str] = (QUEUE,),
    ) -> AsyncGenerator[None]:
        """A worker of the backend."""
        stopping, ready = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(
            backend.work(
                dict.fromkeys(queues, config or WorkerConfig()),
                recorder.execute,
                concurrency=concurrency,
                stopping=stopping,
                ready=ready.set,
                grace=grace,
            )
        )
        waiting = asyncio.create_task(ready.wait())
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
            yield
        finally:
            waiting.cancel()
            stopping.set()
            async with asyncio.timeout(PATIENCE + grace):
                await running
