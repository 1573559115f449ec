"""The wire things of sync functions: the same methods, which block their thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Generic, TypeVar, Unpack, cast

from pikku_core.runtime.lane import lane_here

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from pikku_core.duration import Duration
    from pikku_queue.queue.handle import JobHandle
    from pikku_queue.queue.job_options import JobOptions, OptionsOfMany
    from pikku_queue.queue.producer import Queue, QueueProducer
    from pikku_queue.queue.record import JobRecord, Status

R = TypeVar("R")


class SyncQueue:
    """Adds jobs from sync functions; `from pikku_app import SyncQueue` is the project's typed one.

    Args:
        queue: What does it, in the event loop in which the App was started.
    """

    __slots__ = ("_queue",)

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    def __getitem__(self, name: str) -> SyncQueueProducer:
        return SyncQueueProducer(self._queue[name], self._queue.blocks_in())

    def __getattr__(self, name: str) -> SyncQueueProducer:
        return SyncQueueProducer(getattr(self._queue, name), self._queue.blocks_in())

    def __dir__(self) -> list[str]:
        return dir(self._queue)


class SyncQueueProducer:
    """Adds jobs to one queue; see `QueueProducer`."""

    __slots__ = ("_loop", "_producer")

    def __init__(self, producer: QueueProducer, loop: asyncio.AbstractEventLoop) -> None:
        self._producer = producer
        self._loop = loop

    def add(self, data: Any = None, /, **options: Unpack[JobOptions]) -> SyncJobHandle[Any]:
        """Adds a job; see `QueueProducer.add`."""
        handle = waited(self._loop, self._producer.add(data, **options))
        return SyncJobHandle(handle, self._loop)

    def add_many(
        self, items: Iterable[Any], /, **options: Unpack[OptionsOfMany]
    ) -> list[SyncJobHandle[Any]]:
        """Adds a job for each item; see `QueueProducer.add_many`."""
        handles = waited(self._loop, self._producer.add_many(items, **options))
        return [SyncJobHandle(handle, self._loop) for handle in handles]

    def get(self, id: str) -> SyncJobHandle[Any]:
        """The handle of a job that was added earlier."""
        return SyncJobHandle(self._producer.get(id), self._loop)


class SyncJobHandle(Generic[R]):
    """A job that was added; see `JobHandle`."""

    __slots__ = ("_handle", "_loop")

    def __init__(self, handle: JobHandle[R], loop: asyncio.AbstractEventLoop) -> None:
        self._handle = handle
        self._loop = loop

    @property
    def id(self) -> str:
        """The job."""
        return self._handle.id

    @property
    def queue(self) -> str:
        """The name of its queue."""
        return self._handle.queue

    def record(self) -> JobRecord | None:
        """All that the backend knows."""
        return waited(self._loop, self._handle.record())

    def status(self) -> Status | None:
        """Its status."""
        return waited(self._loop, self._handle.status())

    def progress(self) -> Any:
        """What the function last said of it."""
        return waited(self._loop, self._handle.progress())

    def result(self, *, within: Duration) -> R:
        """The function's result; see `JobHandle.result`.

        Args:
            within: How long to wait. There is no waiting for ever: who waits keeps a thread, and where all threads wait for jobs
                of sync functions there is none for these.
        """
        return waited(self._loop, self._handle.result(within=within))

    def cancel(self) -> bool:
        """See `JobHandle.cancel`."""
        return waited(self._loop, self._handle.cancel())

    def retry(self) -> bool:
        """See `JobHandle.retry`."""
        return waited(self._loop, self._handle.retry())

    def drop(self) -> bool:
        """See `JobHandle.drop`."""
        return waited(self._loop, self._handle.drop())


def waited(loop: asyncio.AbstractEventLoop, what: Coroutine[Any, Any, R]) -> R:
    """What a coroutine gives in the loop of another thread.

    Raises:
        RuntimeError: This is the loop's own thread, which would wait for itself: a sync permission or service of an async
            function runs there.
    """
    lane = lane_here()
    if lane is not None and lane.is_here():  # What waits here can be cancelled.
        return cast("R", lane.wait(lambda: what))
    if asyncio._get_running_loop() is loop:  # noqa: SLF001 -- asks without raising, unlike its public twin
        what.close()
        raise RuntimeError(
            "This blocks, and this is the event loop's thread: make what runs here async, and ask for a Queue or a Job."
        )
    return asyncio.run_coroutine_threadsafe(what, loop).result()
