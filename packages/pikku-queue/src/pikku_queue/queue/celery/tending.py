"""What a worker does beside its attempts: publishes what is due, gives signs of life, finds what other workers have lost."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from pikku_queue.queue.attempt import lost
from pikku_queue.queue.celery.ledger import Held

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from pikku_queue.queue.celery.ledger import Ledger, Lost, Terms

log: Final = logging.getLogger("pikku.queue")

POLL: Final = 0.1
"""Seconds between two looks for jobs that are due."""
PAUSE: Final = 1.0
"""Seconds after which is tried again what the broker did not answer."""


class Tending:
    """Two loops, which nothing but the end of the worker ends.

    Args:
        queues: What is looked after.
        running: The attempts of this process.
        drop: Cancels one that is not this process's any more.
    """

    def __init__(
        self,
        ledger: Ledger,
        queues: Mapping[str, Terms],
        running: Collection[Held],
        drop: Callable[[Held], None],
    ) -> None:
        self._ledger = ledger
        self._queues = queues
        self._running = running
        self._drop = drop
        self._beat = min((one.visibility for one in queues.values()), default=60.0) / 3
        self._tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Begins."""
        self._tasks = [
            asyncio.create_task(self._forever(self._tend)),
            asyncio.create_task(self._forever(self._give_sign)),
        ]

    async def close(self) -> None:
        """Ends."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _forever(self, once: Callable[[], Awaitable[float]]) -> None:
        """Repeats what returns the seconds until the next time."""
        answers = True
        while True:
            try:
                wait = await once()
                answers = True
            except Exception as error:  # noqa: BLE001 - whatever it is, leases are to be renewed once it is over
                log.log(
                    logging.WARNING if answers else logging.DEBUG, "It is tried again: %s", error
                )
                answers, wait = False, PAUSE
            await asyncio.sleep(wait)

    async def _tend(self) -> float:
        following, gone = await self._ledger.tend(self._queues)
        for one in gone:
            held = Held(queue=one.message.queue, id=one.message.id, token=one.token)
            if held in self._running:  # The sign of life is late, not the worker.
                await self._give_sign()
            else:
                await self._give_up(one)
        return POLL if following is None else min(POLL, max(0.0, following))

    async def _give_sign(self) -> float:
        for held in await self._ledger.renew(list(self._running), self._queues):
            self._drop(held)
        return self._beat

    async def _give_up(self, one: Lost) -> None:
        message = one.message
        log.warning('The worker that had the job "%s" of "%s" was lost.', message.id, message.queue)
        await self._ledger.settle(
            message,
            one.attempt,
            one.token,
            lost(message, one.attempt),
            self._queues[message.queue].keep,
            lost=True,
        )
