"""Takes jobs from the file, runs them on the event loop, and records what they came to."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from pikku_core.duration import seconds_of
from pikku_queue.queue.embedded import deliveries, purge, queries, settling
from pikku_queue.queue.embedded.rate import Rate

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
LEAVE: Final = 0.5
"""Seconds for functions to end that were cancelled; sync ones cannot be."""


Key: TypeAlias = tuple[str, str, str]
"""A queue, a job in it, and the token of the attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a look into the file gave.

    Attributes:
        deliveries: Jobs to begin.
        gone: Those that this worker has no more.
        again: When a limit of rate lets another begin; None: none is held back.
        purged: Whether all that is not kept any more is gone.
    """

    deliveries: list[Delivery] = field(default_factory=list["Delivery"])
    gone: list[Key] = field(default_factory=list[Key])
    again: float | None = None
    purged: bool = True


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
        self._leases = {name: seconds_of(config.visibility) for name, config in queues.items()}
        self._rates = {name: Rate.of(config.rate_limit) for name, config in queues.items()}
        # By queue, job and the token of the attempt: a job that is added again runs beside one that is being cancelled.
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._dropped: set[Key] = set()
        self._purge_at = time.monotonic()
        self._again: float | None = None
        self._is_idle = False
        self._beat = min(self._leases.values(), default=60.0) / 3

    async def run(
        self, *, stopping: asyncio.Event, ready: Callable[[], None], grace: float
    ) -> None:
        """Works until `stopping`; then finishes what it has, and returns what is not done after `grace` seconds."""
        beating = asyncio.create_task(self._heartbeat())
        ready()
        try:
            while not stopping.is_set():
                self._backend.added.clear()
                if not await self._take():
                    await self._rest(stopping)
            if self._running:
                await asyncio.wait(self._running.values(), timeout=grace)
        finally:
            try:
                await self._leave()
            finally:
                beating.cancel()

    def drop(self, queue: str, id: str) -> None:
        """Cancels the function of a job that somebody has cancelled."""
        for key in [key for key in self._running if key[:2] == (queue, id)]:
            self._drop(key)

    def _drop(self, key: Key) -> None:
        task = self._running.get(key)
        if task is not None:
            self._dropped.add(key)
            task.cancel()

    async def _leave(self) -> None:
        """Ends what runs. What does not end, a sync function, is given back while it is still this worker's."""
        for task in self._running.values():
            task.cancel()
        if not self._running:
            return
        _, late = await asyncio.wait(self._running.values(), timeout=LEAVE)
        left = [key for key, task in self._running.items() if task in late]
        self._dropped.update(left)
        if left:
            log.warning(
                "%d jobs did not end in time: they are given back, and run again.", len(left)
            )
            try:
                await self._backend.store.run(partial(settling.give_back, held=left))
            except Exception:
                log.exception(
                    "Jobs could not be given back; others get them as those of a lost worker."
                )

    async def _take(self) -> int:
        """Begins as many jobs as there are and may run; says how many these are."""
        free = {name: self._free(name) for name in self._queues}
        if not any(free.values()):
            return 0
        token, now = uuid.uuid4().hex, self._backend.now()
        purging = time.monotonic() >= self._purge_at
        try:
            if self._is_idle and not purging:
                pending = partial(queries.is_pending, names=self._order, now=now)
                if not await self._backend.store.read(pending):
                    return 0
            look = partial(self._look, now=now, free=free, token=token, purging=purging)
            taken = await self._backend.store.run(look)
        except Exception:
            log.exception("No jobs could be taken; it is tried again.")
            await asyncio.sleep(RETRY)
            return 0
        self._is_idle = False
        if purging and taken.purged:
            self._purge_at = time.monotonic() + PURGE
        self._again = taken.again
        for key in taken.gone:
            self._drop(key)
        for delivery in taken.deliveries:
            key = (delivery.message.queue, delivery.message.id, token)
            task = asyncio.create_task(self._work(delivery, key))
            self._running[key] = task
            task.add_done_callback(partial(self._ended, key))
        self._order.append(self._order.pop(0))  # so that no queue keeps another waiting
        return len(taken.deliveries)

    def _free(self, queue: str) -> int:
        limit = self._queues[queue].concurrency or self._concurrency
        own = sum(name == queue for name, _, _ in self._running)
        return max(0, min(limit - own, self._concurrency - len(self._running)))

    def _look(
        self,
        connection: Connection,
        *,
        now: float,
        free: Mapping[str, int],
        token: str,
        purging: bool,
    ) -> Taken:
        """Runs in the store's thread."""
        # First: what this process works on is not lost.
        gone = settling.renew(connection, self._held(now))
        deliveries.promote(connection, now)
        settling.reclaim(connection, now)
        purged = True
        if purging:
            purge.keep(connection, self._queues, now)
            purge.abandon(connection, now)
            purged = purge.purge(connection, now)
        left = self._concurrency - len(self._running)
        taken: list[Delivery] = []
        moments: list[float] = []
        for queue in list(self._order):
            config, rate = self._queues[queue], self._rates[queue]
            limit, due = min(free[queue], left - len(taken)), now
            if rate is not None:
                allowed, due = rate.allowed(connection, queue, now)
                limit = min(limit, allowed)
            begun: list[Delivery] = []
            if limit > 0:
                begun = deliveries.take(
                    connection,
                    queue,
                    now=now,
                    limit=limit,
                    lease=self._leases[queue],
                    token=token,
                    per_group=config.group_concurrency,
                )
                taken += begun
            if rate is not None:
                moments.append(rate.begin(connection, queue, len(begun), due))
        again = min((moment for moment in moments if moment > now), default=None)
        return Taken(deliveries=taken, gone=gone, again=again, purged=purged)

    def _held(self, now: float) -> dict[Key, float]:
        """What runs here, each with the end of its lease."""
        return {key: now + self._leases[key[0]] for key in list(self._running)}

    async def _work(self, delivery: Delivery, key: Key) -> None:
        outcome: Outcome = await self._execute(delivery)
        message = delivery.message
        if key in self._dropped:  # It is settled already, or another's.
            return
        settle = partial(
            settling.settle,
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
            if not held:
                continue
            try:
                gone = await self._backend.store.run(partial(settling.renew, held=held))
            except Exception:
                log.exception("No sign of life could be given; it is tried again.")
                continue
            for key in gone:
                self._drop(key)

    async def _rest(self, stopping: asyncio.Event) -> None:
        """Waits until there may be something to do."""
        timeout = POLL
        if self._again is not None:
            timeout = min(POLL, max(0.0, self._again - self._backend.now()))
        added = asyncio.ensure_future(self._backend.added.wait())
        stop = asyncio.ensure_future(stopping.wait())
        try:
            done, _ = await asyncio.wait(
                {added, stop}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED
            )
            self._is_idle = not done
        finally:
            added.cancel()
            stop.cancel()
