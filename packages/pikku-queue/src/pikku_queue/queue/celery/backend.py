"""The backend for production: Celery on Redis."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, Self

from redis.asyncio import Redis

from pikku_core import ServiceUnavailableError
from pikku_core.duration import seconds_of
from pikku_queue.queue.backend import HONOURED, OPTIONS, Support
from pikku_queue.queue.celery.calls import ANSWER, Calls, answered
from pikku_queue.queue.celery.envelope import HEADER
from pikku_queue.queue.celery.ledger import Ledger
from pikku_queue.queue.celery.notices import Notices
from pikku_queue.queue.celery.shelf import Shelf
from pikku_queue.queue.record import SETTLED
from pikku_queue.queue.worker_config import WorkerConfig

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
    from types import TracebackType

    from pikku_core.services.clock import Clock
    from pikku_queue.queue.backend import Execute
    from pikku_queue.queue.celery.bridge import Bridge, Reserved
    from pikku_queue.queue.celery.worker import Worker
    from pikku_queue.queue.message import Message
    from pikku_queue.queue.record import Counts, JobRecord, Status
    from pikku_queue.scheduler.store import ScheduleStore

POLL: Final = 0.5
"""Seconds after which is looked whether a job is settled whose notice did not arrive."""


class CeleryBackend:
    """Jobs as Celery's tasks on Redis, and a ledger of them beside.

    Args:
        url: `redis://host:port/number`.
        queues: What the project's workers say.
    """

    name = "celery"
    capabilities: Mapping[str, Support] = dict.fromkeys(OPTIONS, HONOURED)

    def __init__(
        self, url: str, *, clock: Clock, queues: Mapping[str, WorkerConfig] | None = None
    ) -> None:
        self._url = url
        self._clock = clock
        self._queues = queues or {}
        self._client: Any = Redis.from_url(  # pyright: ignore[reportUnknownMemberType] -- redis leaves some types out
            url, socket_timeout=ANSWER, socket_connect_timeout=ANSWER
        )
        self._calls = Calls(self._client)
        self.ledger = Ledger(self._calls)
        self._shelf = Shelf(self._client)
        self._notices = Notices(self._client, self._heard)
        self._ended: dict[tuple[str, str], asyncio.Event] = {}
        self._worker: Worker | None = None

    async def __aenter__(self) -> Self:
        """Connects to Redis.

        Raises:
            ServiceUnavailableError: It cannot be reached.
        """
        self._loop = asyncio.get_running_loop()
        try:
            with answered():
                await self._calls.load()
        except ServiceUnavailableError:
            await self._client.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Disconnects."""
        await self._notices.close()
        await self._client.aclose()

    async def enqueue(self, messages: Sequence[Message]) -> Sequence[str]:
        """Takes messages, all or none."""
        await self.ledger.add(messages)
        return [message.id for message in messages]

    def schedules(self) -> ScheduleStore:
        """The schedules that are kept beside the jobs."""
        from pikku_queue.scheduler.redis import RedisScheduleStore

        return RedisScheduleStore(self._client)

    async def get(self, queue: str, id: str) -> JobRecord | None:
        """A job."""
        return await self._shelf.get(queue, id)

    async def settled(self, queue: str, id: str, within: float | None) -> JobRecord | None:
        """The job once it is settled, or as it is after `within` seconds."""
        await self._notices.listen()
        ended = self._ended.setdefault((queue, id), asyncio.Event())
        started = self._clock.monotonic()
        try:
            while True:
                ended.clear()
                record = await self.get(queue, id)
                spent = self._clock.monotonic() - started
                late = within is not None and spent >= within
                if record is None or record.status in SETTLED or late:
                    return record
                left = POLL if within is None else min(POLL, within - spent)
                try:
                    await asyncio.wait_for(ended.wait(), left)
                except TimeoutError:
                    continue
        finally:
            self._ended.pop((queue, id), None)

    async def cancel(self, queue: str, id: str) -> bool:
        """Makes a job that is not settled `cancelled`."""
        keep = seconds_of(self._queues.get(queue, WorkerConfig()).keep)
        found = await self.ledger.cancel(queue, id, keep)
        if found and self._worker is not None:
            self._worker.drop(queue, id)
        return found

    async def retry(self, queue: str, id: str) -> bool:
        """Enqueues a failed, discarded or cancelled job anew."""
        return await self.ledger.retry(queue, id)

    async def remove(self, queue: str, id: str) -> bool:
        """Forgets a settled job."""
        return await self.ledger.remove(queue, id)

    async def report(self, queue: str, id: str, progress: Any) -> None:
        """Records progress."""
        await self.ledger.report(queue, id, progress)

    async def counts(self, queue: str) -> Counts:
        """How many jobs there are."""
        return await self._shelf.counts(queue)

    async def list(self, queue: str, status: Status, limit: int) -> Sequence[JobRecord]:
        """The next jobs of a status."""
        return await self._shelf.list(queue, status, limit)

    async def queues(self) -> Sequence[str]:
        """The queues that have jobs."""
        return await self._shelf.queues()

    async def work(
        self,
        queues: Mapping[str, WorkerConfig],
        execute: Execute,
        *,
        concurrency: int,
        stopping: asyncio.Event,
        ready: Callable[[], None],
        grace: float,
    ) -> None:
        """Works jobs off until `stopping`."""
        from pikku_queue.queue.celery.app import celery_app
        from pikku_queue.queue.celery.bridge import Bridge
        from pikku_queue.queue.celery.hosted import HOST
        from pikku_queue.queue.celery.pool import pool_of
        from pikku_queue.queue.celery.thread import run_in_thread

        hosting = HOST.get()
        if hosting is not None:
            async with self.working(
                hosting.bridge, queues, execute, concurrency=concurrency
            ) as worker:
                await hosting.work(worker, revoked=self.revoked, stopping=stopping, ready=ready)
            return
        bridge = Bridge()
        async with self.working(bridge, queues, execute, concurrency=concurrency) as worker:
            await run_in_thread(
                worker,
                bridge,
                celery_app(self._url, queues, bridge),
                queues=sorted(queues),
                pool=pool_of(bridge, self.revoked),
                concurrency=concurrency,
                stopping=stopping,
                ready=ready,
                grace=grace,
            )

    @asynccontextmanager
    async def working(
        self,
        bridge: Bridge,
        queues: Mapping[str, WorkerConfig],
        execute: Execute,
        *,
        concurrency: int,
    ) -> AsyncGenerator[Worker]:
        """A worker, which is told what other processes do to its jobs."""
        from pikku_queue.queue.celery.worker import Worker

        await self._notices.listen()
        self._worker = Worker(bridge, self.ledger, queues, execute, concurrency=concurrency)
        try:
            yield self._worker
        finally:
            self._worker = None

    def revoked(self, reserved: Reserved) -> None:
        """Cancels a job that Celery is told to terminate. In any thread."""
        row = reserved.request.get(HEADER)
        identity = str(reserved.request["id"] if row is None else row["id"])
        asyncio.run_coroutine_threadsafe(self.cancel(reserved.queue, identity), self._loop)

    def _heard(self, status: str, queue: str, id: str) -> None:
        if status == "cancelled" and self._worker is not None:
            self._worker.drop(queue, id)
        if (ended := self._ended.get((queue, id))) is not None:
            ended.set()
