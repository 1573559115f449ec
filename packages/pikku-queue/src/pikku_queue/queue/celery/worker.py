"""What the event loop does with the messages that Celery hands over."""

from __future__ import annotations

import asyncio
import logging
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pikku_core.duration import seconds_of
from pikku_queue.queue.celery.bridge import Reserved
from pikku_queue.queue.celery.envelope import received
from pikku_queue.queue.celery.ledger import Held, NotYet, Terms
from pikku_queue.queue.celery.refusal import unreadable
from pikku_queue.queue.celery.tending import Tending
from pikku_queue.queue.message import Delivery
from pikku_queue.queue.outcome import Returned
from pikku_queue.queue.worker_config import interval_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from pikku_queue.queue.backend import Execute
    from pikku_queue.queue.celery.bridge import Bridge
    from pikku_queue.queue.celery.envelope import Envelope
    from pikku_queue.queue.celery.ledger import Ledger
    from pikku_queue.queue.celery.refusal import Refusal
    from pikku_queue.queue.message import Message
    from pikku_queue.queue.outcome import Outcome
    from pikku_queue.queue.worker_config import WorkerConfig

R = TypeVar("R")

log: Final = logging.getLogger("pikku.queue")

PAUSE: Final = 0.25
"""Seconds between two attempts to reach the broker."""


class Worker:
    """Runs the attempts of a process.

    Args:
        queues: Those to take from.
        concurrency: How many attempts run at once.
    """

    def __init__(
        self,
        bridge: Bridge,
        ledger: Ledger,
        queues: Mapping[str, WorkerConfig],
        execute: Execute,
        *,
        concurrency: int,
    ) -> None:
        self._bridge = bridge
        self._ledger = ledger
        self._queues = queues
        self._execute = execute
        self._concurrency = concurrency
        self._terms = {name: terms_of(config) for name, config in queues.items()}
        self._name = uuid.uuid4().hex
        self._attempts = 0
        self._running: dict[Held, asyncio.Task[Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._dropped: set[Held] = set()
        self._late = False
        """Whether the time to finish is over."""
        self._tending = Tending(ledger, self._terms, self._running, self._drop)

    def open(self) -> None:
        """Takes messages from now on."""
        limits = {name: one.concurrency or self._concurrency for name, one in self._queues.items()}
        paced = [name for name, terms in self._terms.items() if terms.interval]
        self._bridge.open(asyncio.get_running_loop(), self._receive, limits=limits, paced=paced)
        self._tending.open()

    async def finish(self, grace: float | None) -> None:
        """Takes no more, finishes what there is, and returns what is not done after `grace` seconds; None: no limit."""
        self._bridge.shut()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        await self.leave()

    async def leave(self) -> None:
        """Returns what there is."""
        self._bridge.shut()
        self._late = True
        for task in list(self._running.values()):
            task.cancel()
        while self._tasks:
            await asyncio.wait(self._tasks)
        await self._tending.close()

    def drop(self, queue: str, id: str) -> None:
        """Cancels the function of a job that somebody has cancelled."""
        for held in [one for one in self._running if (one.queue, one.id) == (queue, id)]:
            self._drop(held)

    def _drop(self, held: Held) -> None:
        task = self._running.get(held)
        if task is not None:
            self._dropped.add(held)
            task.cancel()

    def _receive(self, what: Reserved | Refusal) -> None:
        work = self._work(what) if isinstance(what, Reserved) else self._refuse(what)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, reserved: Reserved) -> None:
        outcome: Outcome | None = None
        try:
            outcome = await self._worked(reserved)
        except Exception:
            log.exception('A job of "%s" is left to other workers.', reserved.queue)
        self._bridge.give_back(reserved, outcome)

    async def _worked(self, reserved: Reserved) -> Outcome | None:
        """What a message came to; None where it was not begun, or is another's by now."""
        queue, wait = reserved.queue, 0.0
        try:
            message, envelope = received(
                queue, self._queues[queue], reserved.request, reserved.body
            )
        except Exception as error:  # noqa: BLE001 - a message may hold anything
            self._bridge.pace(queue, 0.0)
            await self._refuse(unreadable(queue, reserved.request, reserved.body, error))
            self._bridge.acknowledge(reserved)
            return None
        self._attempts += 1
        held = Held(queue=queue, id=message.id, token=f"{self._name}:{self._attempts}")
        try:
            begun = await self._begin(held, message, envelope, reserved)
            self._bridge.acknowledge(reserved)
            wait = begun.after if isinstance(begun, NotYet) else 0.0
        finally:
            self._bridge.pace(queue, wait)
        return await self._attempt(held, begun) if isinstance(begun, Delivery) else None

    async def _begin(
        self, held: Held, message: Message, envelope: Envelope | None, reserved: Reserved
    ) -> Delivery | NotYet | None:
        begin = partial(
            self._ledger.begin,
            message,
            envelope,
            reserved.request,
            self._terms[held.queue],
            held.token,
        )
        return await self._insisting(begin, 'The job "%s" of "%s" is not begun yet: %s', held)

    async def _attempt(self, held: Held, delivery: Delivery) -> Outcome | None:
        current = asyncio.current_task()
        assert current is not None
        self._running[held] = current
        if self._late:
            current.cancel()
        try:
            outcome = await self._execute(delivery)
        except asyncio.CancelledError:
            outcome = Returned()
        finally:
            self._running.pop(held, None)
            dropped = held in self._dropped
            self._dropped.discard(held)
        if dropped and isinstance(outcome, Returned):
            return None
        settle = partial(
            self._ledger.settle,
            delivery.message,
            delivery.attempt,
            held.token,
            outcome,
            self._terms[held.queue].keep,
        )
        await self._insisting(settle, 'What "%s" of "%s" came to is not recorded yet: %s', held)
        return outcome

    async def _refuse(self, refusal: Refusal) -> None:
        log.error('A message of "%s" was refused: %s', refusal.queue, refusal.reason)
        terms = self._terms.get(refusal.queue, Terms())
        held = Held(queue=refusal.queue, id="?", token="")
        refuse = partial(self._ledger.refuse, refusal, terms.keep)
        await self._insisting(refuse, 'That "%s" of "%s" is refused is not recorded yet: %s', held)

    async def _insisting(self, call: Callable[[], Awaitable[R]], why: str, held: Held) -> R:
        """What a call of the ledger returns, which is repeated until the time to finish is over."""
        while True:
            try:
                return await call()
            except Exception as error:
                if self._late:
                    raise
                log.warning(why, held.id, held.queue, error)
                await asyncio.sleep(PAUSE)


def terms_of(config: WorkerConfig) -> Terms:
    """How the jobs of a queue are begun and kept."""
    return Terms(
        visibility=seconds_of(config.visibility),
        keep=seconds_of(config.keep),
        per_group=config.group_concurrency,
        interval=interval_of(config.rate_limit),
    )
