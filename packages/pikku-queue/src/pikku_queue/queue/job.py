"""The wire thing `job`: what a function can know and say of the job that it works off."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from pikku_core import HasBlockingTwin, Wire
from pikku_queue.queue.blocking import waited
from pikku_queue.queue.errors import JobDiscardedError, JobFailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from pikku_queue.queue.message import Delivery


class JobFacts:
    """What `Job` and `SyncJob` have in common."""

    __slots__ = ("_delivery",)

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    @property
    def id(self) -> str:
        """The job, the same in all its attempts: what makes an effect idempotent."""
        return self._delivery.message.id

    @property
    def queue(self) -> str:
        """The name of its queue."""
        return self._delivery.message.queue

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        return self._delivery.attempt

    @property
    def attempts(self) -> int:
        """How many there are at most."""
        return self._delivery.message.attempts

    @property
    def is_last_attempt(self) -> bool:
        """Whether the job is a dead letter if this attempt fails."""
        return self.attempt >= self.attempts

    @property
    def priority(self) -> int:
        """0 to 9; higher goes first."""
        return self._delivery.message.priority

    @property
    def enqueued(self) -> datetime:
        """When it was added, in UTC."""
        return datetime.fromtimestamp(self._delivery.message.enqueued, UTC)

    def fail(self, reason: str) -> NoReturn:
        """Ends the attempt as failed; the job is tried again while it has attempts left.

        Raises:
            JobFailedError: Always.
        """
        raise JobFailedError(reason)

    def discard(self, reason: str) -> NoReturn:
        """Ends the job: it is neither tried again nor a dead letter.

        Raises:
            JobDiscardedError: Always.
        """
        raise JobDiscardedError(reason)


class Job(JobFacts, HasBlockingTwin):
    """The current job.

    Functions and middleware ask for it by name; `job: Job | None = None` where other transports call them too.

    ```python
    @pikku_sessionless_func
    async def send_welcome(data: Welcome, *, job: Job, mailer: Mailer) -> None:
        if job.is_last_attempt:
            ...
        await mailer.send(data, idempotency_key=job.id)
    ```
    """

    __slots__ = ("_loop", "_report")

    def __init__(
        self,
        delivery: Delivery,
        report: Callable[[Any], Coroutine[Any, Any, None]],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(delivery)
        self._report = report
        self._loop = loop

    async def progress(self, value: Any) -> None:
        """Says how far it is: anything that is JSON, which `handle.progress()` shows; the last one counts."""
        await self._report(value)

    def blocking_twin(self) -> SyncJob:
        """What sync functions are given."""
        return SyncJob(self._delivery, self._report, self._loop)


class SyncJob(JobFacts):
    """The current job, for sync functions; see `Job`."""

    __slots__ = ("_loop", "_report")

    def __init__(
        self,
        delivery: Delivery,
        report: Callable[[Any], Coroutine[Any, Any, None]],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(delivery)
        self._report = report
        self._loop = loop

    def progress(self, value: Any) -> None:
        """Says how far it is: anything that is JSON, which `handle.progress()` shows; the last one counts."""
        waited(self._loop, self._report(value))


class JobWire(Wire):
    """One attempt of a job.

    Attributes:
        delivery: What the backend gave.
    """

    __slots__ = ("_job", "_loop", "_report", "delivery")

    kind: ClassVar[str] = "queue"

    def __init__(
        self,
        wiring: str,
        function: str,
        delivery: Delivery,
        report: Callable[[Any], Coroutine[Any, Any, None]],
    ) -> None:
        Wire.__init__(self, wiring, function)
        self.delivery = delivery
        self._report = report
        self._loop = asyncio.get_running_loop()
        self._job: Job | None = None

    def make_trace_id(self) -> str:
        """That of the invocation which added the job, or a new one."""
        return self.delivery.message.trace_id or Wire.make_trace_id(self)

    def make_job(self) -> Job:
        """The wire thing `job`, the same for all who ask."""
        if self._job is None:
            self._job = Job(self.delivery, self._report, self._loop)
        return self._job

    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"job": make_job}
