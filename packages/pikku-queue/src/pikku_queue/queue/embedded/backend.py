"""The embedded backend: a SQLite file, or memory, and nothing to install."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from pikku_queue.queue.backend import HONOURED, OPTIONS, Support
from pikku_queue.queue.embedded import jobs, queries
from pikku_queue.queue.embedded.store import Store
from pikku_queue.queue.embedded.worker import POLL, Worker
from pikku_queue.queue.record import SETTLED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from pikku_core.services.clock import Clock
    from pikku_queue.queue.backend import Execute
    from pikku_queue.queue.message import Message
    from pikku_queue.queue.record import Counts, JobRecord, Status
    from pikku_queue.queue.worker_config import WorkerConfig
    from pikku_queue.scheduler.store import ScheduleStore


class EmbeddedBackend:
    """Jobs in a SQLite file.

    Args:
        path: The file, or `:memory:`.
    """

    name = "embedded"
    capabilities: Mapping[str, Support] = dict.fromkeys(OPTIONS, HONOURED)

    def __init__(self, path: str, *, clock: Clock) -> None:
        self.store = Store(path)
        self.clock = clock
        self.added = asyncio.Event()
        """Set when this process has added a job."""
        self._ended: dict[tuple[str, str], asyncio.Event] = {}
        self._worker: Worker | None = None

    async def __aenter__(self) -> Self:
        """Opens the file."""
        await self.store.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes it."""
        await self.store.close()

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return self.clock.now().timestamp()

    async def enqueue(self, messages: Sequence[Message]) -> Sequence[str]:
        """Takes messages, all or none."""
        ids = await self.store.run(partial(jobs.insert, messages=messages))
        self.added.set()
        return ids

    def schedules(self) -> ScheduleStore:
        """The schedules that are kept in the same file."""
        from pikku_queue.scheduler.embedded import EmbeddedScheduleStore

        return EmbeddedScheduleStore(self.store, now=self.now)

    async def get(self, queue: str, id: str) -> JobRecord | None:
        """A job."""
        return await self.store.read(partial(queries.find, queue=queue, identity=id))

    async def settled(self, queue: str, id: str, within: float | None) -> JobRecord | None:
        """The job once it is settled, or as it is after `within` seconds."""
        ended = self._ended.setdefault((queue, id), asyncio.Event())
        started = self.clock.monotonic()
        try:
            while True:
                record = await self.get(queue, id)
                spent = self.clock.monotonic() - started
                late = within is not None and spent >= within
                if record is None or record.status in SETTLED or late:
                    return record
                left = POLL if within is None else min(POLL, within - spent)
                try:
                    await asyncio.wait_for(ended.wait(), left)
                except TimeoutError:
                    continue
                ended.clear()
        finally:
            self._ended.pop((queue, id), None)

    def tell(self, queue: str, id: str) -> None:
        """Wakes who waits for a job in this process."""
        if (ended := self._ended.get((queue, id))) is not None:
            ended.set()

    async def cancel(self, queue: str, id: str) -> bool:
        """Makes a job that is not settled `cancelled`."""
        found = await self.store.run(partial(jobs.cancel, queue=queue, identity=id, now=self.now()))
        if found:
            self.tell(queue, id)
            if self._worker is not None:
                self._worker.drop(queue, id)
        return found

    async def retry(self, queue: str, id: str) -> bool:
        """Makes a settled job that is not completed `waiting` again."""
        found = await self.store.run(partial(jobs.retry, queue=queue, identity=id, now=self.now()))
        if found:
            self.added.set()
        return found

    async def remove(self, queue: str, id: str) -> bool:
        """Forgets a settled job."""
        return await self.store.run(partial(jobs.remove, queue=queue, identity=id))

    async def report(self, queue: str, id: str, progress: Any) -> None:
        """Records progress."""
        text = json.dumps(progress)
        await self.store.run(partial(jobs.report, queue=queue, identity=id, progress=text))

    async def counts(self, queue: str) -> Counts:
        """How many jobs there are."""
        return await self.store.read(partial(queries.counted, queue=queue))

    async def list(self, queue: str, status: Status, limit: int) -> Sequence[JobRecord]:
        """The next jobs of a status."""
        return await self.store.read(
            partial(queries.listed, queue=queue, status=status, limit=limit)
        )

    async def queues(self) -> Sequence[str]:
        """The queues that have jobs, sorted."""
        return await self.store.read(queries.queues)

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
        self._worker = Worker(self, queues, execute, concurrency=concurrency)
        try:
            await self._worker.run(stopping=stopping, ready=ready, grace=grace)
        finally:
            self._worker = None
