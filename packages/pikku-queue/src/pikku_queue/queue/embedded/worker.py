"""Takes jobs from the file, runs them on the event loop, and records what they came to."""

from __future__ import annotations

import asyncio
import logging
import uuid
from functools import partial
from typing import TYPE_CHECKING, Final

from pikku_core.duration import seconds_of
from pikku_queue.queue.embedded import jobs
from pikku_queue.queue.outcome import Returned
from pikku_queue.queue.worker_config import interval_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from sqlite3 import Connection

    from pikku_queue.queue.backend import Execute
    from pikku_queue.queue.embedded.backend import EmbeddedBackend
    from pikku_queue.queue.message import Delivery
    from pikku_queue.queue.outcome import Outcome
    from pikku_queue.queue.worker_config import WorkerConfig

log: Final = logging.getLogger("pikku.queue")

POLL: Final = 0.1
"""Seconds after which is looked for jobs that other processes have added."""
PURGE: Final = 60.0
"""Seconds between two looks for jobs that are not kept any more."""


class Worker:
    """Works off the queues of a process.

    Args:
        queues: Those to take from.
        concurrency: How many attempts run at once.
    """

    def __init__(
        self,
        backend: EmbeddedBackend,
        queues: Mapping[str, WorkerConfig],
        execute: Execute,
        *,
        concurrency: int,
    ) -> None:
        self._backend = backend
        self._queues = queues
        self._execute = execute
        self._concurrency = concurrency
        self._token = uuid.uuid4().hex
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._dropped: set[tuple[str, str]] = set()
        self._purged = 0.0
        self._beat = (
            min((seconds_of(config.visibility) for config in queues.values()), default=60.0) / 3
        )

    async def run(
        self, *, stopping: asyncio.Event, ready: Callable[[], None], grace: float
    ) -> None:
        """Works until `stopping`; then finishes what it has, and returns what is not done after `grace` seconds."""
        beating = asyncio.create_task(self._heartbeat())
        ready()
        try:
            while not stopping.is_set():
                self._backend.added.clear()
                taken = await self._take()
                if not taken:
                    await self._rest(stopping)
            if self._running:
                await asyncio.wait(self._running.values(), timeout=grace)
        finally:
            beating.cancel()
            for task in self._running.values():
                task.cancel()
            if self._running:
                await asyncio.wait(self._running.values())

    def drop(self, queue: str, id: str) -> None:
        """Cancels the function of a job that somebody has cancelled."""
        task = self._running.get((queue, id))
        if task is not None:
            self._dropped.add((queue, id))
            task.cancel()

    async def _take(self) -> int:
        """Begins as many jobs as there are and may run; says how many these are."""
        free = {name: self._free(name) for name in self._queues}
        if not any(free.values()):
            return 0
        now = self._backend.now()
        deliveries = await self._backend.store.run(partial(self._deliveries, now=now, free=free))
        for delivery in deliveries:
            key = (delivery.message.queue, delivery.message.id)
            task = asyncio.create_task(self._work(delivery))
            self._running[key] = task
            task.add_done_callback(partial(self._ended, key))
        return len(deliveries)

    def _free(self, queue: str) -> int:
        limit = self._queues[queue].concurrency or self._concurrency
        own = sum(name == queue for name, _ in self._running)
        return max(0, min(limit - own, self._concurrency - len(self._running)))

    def _deliveries(
        self, connection: Connection, *, now: float, free: Mapping[str, int]
    ) -> list[Delivery]:
        jobs.promote(connection, now)
        jobs.reclaim(connection, now)
        if now - self._purged > PURGE:
            self._purged = now
            for queue, config in self._queues.items():
                jobs.purge(connection, queue, now - seconds_of(config.keep))
        left = self._concurrency - len(self._running)
        taken: list[Delivery] = []
        for queue, config in self._queues.items():
            limit = min(free[queue], left - len(taken))
            if limit > 0:
                taken += jobs.take(
                    connection,
                    queue,
                    now=now,
                    limit=limit,
                    lease=seconds_of(config.visibility),
                    token=self._token,
                    per_group=config.group_concurrency,
                    interval=interval_of(config.rate_limit),
                )
        return taken

    async def _work(self, delivery: Delivery) -> None:
        outcome: Outcome = await self._execute(delivery)
        message = delivery.message
        if isinstance(outcome, Returned) and (message.queue, message.id) in self._dropped:
            self._dropped.discard((message.queue, message.id))
            return
        settle = partial(
            jobs.settle,
            delivery=delivery,
            token=self._token,
            outcome=outcome,
            now=self._backend.now(),
        )
        if await self._backend.store.run(settle):
            self._backend.tell(message.queue, message.id)

    def _ended(self, key: tuple[str, str], task: asyncio.Task[None]) -> None:
        self._running.pop(key, None)
        self._backend.added.set()  # There is room for another.
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error('What "%s" of "%s" came to was not recorded.', *reversed(key), exc_info=error)

    async def _heartbeat(self) -> None:
        """Gives signs of life for the jobs that run, and cancels those that this process has lost."""
        while True:
            await asyncio.sleep(self._beat)
            held = list(self._running)
            until = self._backend.now() + self._beat * 3
            gone = await self._backend.store.run(
                partial(jobs.renew, token=self._token, held=held, until=until)
            )
            for queue, identity in gone:
                self.drop(queue, identity)

    async def _rest(self, stopping: asyncio.Event) -> None:
        """Waits until there may be something to do."""
        added = asyncio.ensure_future(self._backend.added.wait())
        stop = asyncio.ensure_future(stopping.wait())
        try:
            await asyncio.wait({added, stop}, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
        finally:
            added.cancel()
            stop.cancel()
