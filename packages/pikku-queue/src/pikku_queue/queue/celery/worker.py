"""A Celery worker in a thread, whose attempts run on the event loop."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import TYPE_CHECKING, Any, Final

from pikku_core import ServiceUnavailableError
from pikku_core.duration import seconds_of
from pikku_queue.queue.attempt import lost
from pikku_queue.queue.celery.app import celery_app
from pikku_queue.queue.celery.envelope import received
from pikku_queue.queue.celery.ledger import Ledger, Terms
from pikku_queue.queue.celery.pool import Bridge, Reserved, order_of, pool_of
from pikku_queue.queue.celery.thread import CeleryThread
from pikku_queue.queue.outcome import Returned
from pikku_queue.queue.worker_config import interval_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pikku_queue.queue.backend import Execute
    from pikku_queue.queue.celery.ledger import Lost
    from pikku_queue.queue.message import Delivery, Message
    from pikku_queue.queue.outcome import Outcome
    from pikku_queue.queue.worker_config import WorkerConfig

log: Final = logging.getLogger("pikku.queue")

POLL: Final = 0.1
"""Seconds between two looks for jobs that are due."""
PAUSE: Final = 0.25
"""Seconds between two attempts to reach the broker."""


class Worker:
    """Works off the queues of a process.

    Args:
        url: The broker.
        queues: Those to take from.
        concurrency: How many attempts run at once.
    """

    def __init__(
        self,
        url: str,
        ledger: Ledger,
        queues: Mapping[str, WorkerConfig],
        execute: Execute,
        *,
        concurrency: int,
    ) -> None:
        self._ledger = ledger
        self._queues = queues
        self._execute = execute
        self._concurrency = concurrency
        self._terms = {name: terms_of(config) for name, config in queues.items()}
        self._token = uuid.uuid4().hex
        self._running: dict[tuple[str, str], asyncio.Task[Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._late = False
        """Whether the time to finish is over."""
        self._dropped: set[tuple[str, str]] = set()
        self._visibility = min((one.visibility for one in self._terms.values()), default=60.0)
        self._loop = asyncio.get_running_loop()
        limits = {name: config.concurrency or concurrency for name, config in queues.items()}
        self._bridge = Bridge(self._loop, limits, self._receive)
        self._app = celery_app(
            url,
            queues,
            self._bridge.body,
            visibility=self._visibility,
            order=order_of(self._bridge),
            begun=self._bridge.begun,
        )

    async def run(
        self, *, stopping: asyncio.Event, ready: Callable[[], None], grace: float
    ) -> None:
        """Works until `stopping`; then finishes what it has, and returns what is not done after `grace` seconds."""
        consuming, stopped = asyncio.Event(), asyncio.Event()
        celery = CeleryThread(
            self._app,
            sorted(self._queues),
            pool_of(self._bridge),
            self._concurrency,
            started=lambda: self._loop.call_soon_threadsafe(consuming.set),
            ended=lambda: self._loop.call_soon_threadsafe(stopped.set),
        )
        beside = [asyncio.create_task(self._tend()), asyncio.create_task(self._heartbeat())]
        celery.start()
        try:
            await _first(consuming, stopped)
            if not consuming.is_set():
                raise ServiceUnavailableError("Celery's worker did not start; its log says why.")
            ready()
            await _first(stopping, stopped)
            self._bridge.open = False
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=grace)
            if celery.failed:
                raise ServiceUnavailableError("Celery's worker has failed; its log says why.")
        finally:
            self._bridge.open = False
            for task in beside:
                task.cancel()
            self._late = True
            for task in list(self._running.values()):
                task.cancel()
            await asyncio.wait([*self._tasks, *beside])
            celery.stop(self._bridge)
            await stopped.wait()
            self._bridge.close()

    def drop(self, queue: str, id: str) -> None:
        """Cancels the function of a job that somebody has cancelled."""
        task = self._running.get((queue, id))
        if task is not None:
            self._dropped.add((queue, id))
            task.cancel()

    def _receive(self, reserved: Reserved) -> None:
        task = asyncio.create_task(self._work(reserved))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, reserved: Reserved) -> None:
        outcome: Outcome | None = None
        try:
            delivery = await self._begin(reserved)
            if delivery is not None:
                outcome = await self._attempt(delivery)
        except ServiceUnavailableError as error:
            log.warning('A job of "%s" is left to other workers: %s', reserved.queue, error)
        except Exception:
            log.exception('A message of "%s" was not understood.', reserved.queue)
        self._bridge.give_back(reserved, outcome)

    async def _begin(self, reserved: Reserved) -> Delivery | None:
        queue = reserved.queue
        message, envelope = received(queue, self._queues[queue], reserved.request, reserved.body)
        terms = self._terms[queue]
        while True:
            try:
                return await self._ledger.begin(
                    message, envelope, reserved.request, terms, self._token
                )
            except ServiceUnavailableError:
                if self._late:
                    raise
                await asyncio.sleep(PAUSE)

    async def _attempt(self, delivery: Delivery) -> Outcome | None:
        message = delivery.message
        key = (message.queue, message.id)
        current = asyncio.current_task()
        assert current is not None
        self._running[key] = current
        if self._late:
            current.cancel()
        try:
            outcome = await self._execute(delivery)
        except asyncio.CancelledError:
            outcome = Returned()
        finally:
            self._running.pop(key, None)
        if isinstance(outcome, Returned) and key in self._dropped:
            self._dropped.discard(key)
            return None
        await self._settle(message, delivery.attempt, outcome)
        return outcome

    async def _settle(self, message: Message, attempt: int, outcome: Outcome) -> None:
        keep = self._terms[message.queue].keep
        while True:
            try:
                await self._ledger.settle(message, attempt, self._token, outcome, keep)
            except ServiceUnavailableError as error:
                if self._late:
                    raise
                log.warning(
                    'What "%s" of "%s" came to is not recorded yet: %s',
                    message.id,
                    message.queue,
                    error,
                )
                await asyncio.sleep(PAUSE)
            else:
                return

    async def _tend(self) -> None:
        """Publishes what is due, and what workers have lost."""
        while True:
            wait = POLL
            try:
                following, gone = await self._ledger.tend(self._terms)
                for one in gone:
                    await self._give_up(one)
                wait = POLL if following is None else min(POLL, max(0.0, following))
            except ServiceUnavailableError:
                wait = PAUSE
            await asyncio.sleep(wait)

    async def _give_up(self, one: Lost) -> None:
        log.warning(
            'The worker that had the job "%s" of "%s" was lost.', one.message.id, one.message.queue
        )
        await self._ledger.settle(
            one.message,
            one.attempt,
            one.token,
            lost(one.message, one.attempt),
            self._terms[one.message.queue].keep,
            lost=True,
        )

    async def _heartbeat(self) -> None:
        """Gives signs of life for the jobs that run, and cancels those that this process has lost."""
        while True:
            await asyncio.sleep(self._visibility / 3)
            try:
                gone = await self._ledger.renew(list(self._running), self._token, self._terms)
            except ServiceUnavailableError:
                continue
            for queue, identity in gone:
                self.drop(queue, identity)


def terms_of(config: WorkerConfig) -> Terms:
    """How the jobs of a queue are begun and kept."""
    return Terms(
        visibility=seconds_of(config.visibility),
        keep=seconds_of(config.keep),
        per_group=config.group_concurrency,
        interval=interval_of(config.rate_limit),
    )


async def _first(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
