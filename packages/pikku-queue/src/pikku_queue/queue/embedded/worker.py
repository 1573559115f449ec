"""Takes jobs from the file, runs them on the event loop, and records what they came to."""

from __future__ import annotations

import asyncio
import logging
import uuid
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

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
"""Seconds after which is looked for what other processes have done."""
RETRY: Final = 0.5
"""Seconds after which is tried again what the file did not take."""
RETRIES: Final = 10
PURGE: Final = 60.0
"""Seconds between two looks for jobs that are not kept any more."""


Key: TypeAlias = tuple[str, str, str]
"""A queue, a job in it, and the token of the attempt."""


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
        self._order = list(queues)
        # By queue, job and the token of the attempt: a job that is added again runs beside one that is being cancelled.
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._dropped: set[Key] = set()
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
        for key in [key for key in self._running if key[:2] == (queue, id)]:
            self._drop(key)

    def _drop(self, key: Key) -> None:
        task = self._running.get(key)
        if task is not None:
            self._dropped.add(key)
            task.cancel()

    async def _take(self) -> int:
        """Begins as many jobs as there are and may run; says how many these are."""
        free = {name: self._free(name) for name in self._queues}
        if not any(free.values()):
            return 0
        token = uuid.uuid4().hex
        take = partial(self._deliveries, now=self._backend.now(), free=free, token=token)
        try:
            deliveries, gone = await self._backend.store.run(take)
        except Exception:
            log.exception("No jobs could be taken; it is tried again.")
            await asyncio.sleep(RETRY)
            return 0
        for key in gone:
            self._drop(key)
        for delivery in deliveries:
            key = (delivery.message.queue, delivery.message.id, token)
            task = asyncio.create_task(self._work(delivery, key))
            self._running[key] = task
            task.add_done_callback(partial(self._ended, key))
        self._order.append(self._order.pop(0))  # so that no queue keeps another waiting
        return len(deliveries)

    def _free(self, queue: str) -> int:
        limit = self._queues[queue].concurrency or self._concurrency
        own = sum(name == queue for name, _, _ in self._running)
        return max(0, min(limit - own, self._concurrency - len(self._running)))

    def _deliveries(
        self, connection: Connection, *, now: float, free: Mapping[str, int], token: str
    ) -> tuple[list[Delivery], list[Key]]:
        gone = jobs.renew(
            connection, self._held(now)
        )  # First: what this process works on is not lost.
        jobs.promote(connection, now)
        jobs.reclaim(connection, now)
        if now - self._purged > PURGE:
            self._purged = now
            for queue, config in self._queues.items():
                jobs.purge(connection, queue, now - seconds_of(config.keep))
        left = self._concurrency - len(self._running)
        taken: list[Delivery] = []
        for queue in list(self._order):
            config, limit = self._queues[queue], min(free[queue], left - len(taken))
            if limit > 0:
                taken += jobs.take(
                    connection,
                    queue,
                    now=now,
                    limit=limit,
                    lease=seconds_of(config.visibility),
                    token=token,
                    per_group=config.group_concurrency,
                    interval=interval_of(config.rate_limit),
                )
        return taken, gone

    def _held(self, now: float) -> dict[Key, float]:
        """What runs here, each with the end of its lease."""
        leases = {name: seconds_of(config.visibility) for name, config in self._queues.items()}
        return {key: now + leases[key[0]] for key in list(self._running)}

    async def _work(self, delivery: Delivery, key: Key) -> None:
        outcome: Outcome = await self._execute(delivery)
        message = delivery.message
        if isinstance(outcome, Returned) and key in self._dropped:
            return
        settle = partial(
            jobs.settle,
            delivery=delivery,
            token=key[2],
            outcome=outcome,
            now=self._backend.now(),
        )
        for left in reversed(range(RETRIES)):
            try:
                settled = await self._backend.store.run(settle)
            except Exception:
                if not left:
                    raise
                await asyncio.sleep(RETRY)
            else:
                if settled:
                    self._backend.tell(message.queue, message.id)
                return

    def _ended(self, key: Key, task: asyncio.Task[None]) -> None:
        self._running.pop(key, None)
        self._dropped.discard(key)
        self._backend.added.set()  # There is room for another.
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error('What "%s" of "%s" came to was not recorded.', key[1], key[0], exc_info=error)

    async def _heartbeat(self) -> None:
        """Gives signs of life for the jobs that run, and cancels those that this process has lost."""
        while True:
            await asyncio.sleep(self._beat)
            held = self._held(self._backend.now())
            try:
                gone = await self._backend.store.run(partial(jobs.renew, held=held))
            except Exception:
                log.exception("No sign of life could be given; it is tried again.")
                continue
            for key in gone:
                self._drop(key)

    async def _rest(self, stopping: asyncio.Event) -> None:
        """Waits until there may be something to do."""
        added = asyncio.ensure_future(self._backend.added.wait())
        stop = asyncio.ensure_future(stopping.wait())
        try:
            await asyncio.wait({added, stop}, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
        finally:
            added.cancel()
            stop.cancel()
