"""A job as its producer sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pikku_core import GatewayTimeoutError, PikkuError
from pikku_core.duration import seconds_of
from pikku_queue.queue.record import SETTLED

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.duration import Duration
    from pikku_queue.queue.backend import Backend
    from pikku_queue.queue.record import JobRecord, Status

R = TypeVar("R")


class JobNotCompletedError(PikkuError):
    """A job has no result that could be had: it failed, was discarded or cancelled, or is not kept any more."""

    status = 502
    code = "job_not_completed"
    default_message = "The job did not complete."


class JobHandle(Generic[R]):
    """A job that was added.

    ```python
    handle = await queue.emails.add(Welcome(name="Ada"), delay="30s")
    handle.id
    await handle.status()
    await handle.result(within="1m")
    ```

    Attributes:
        id: The job.
        queue: The name of its queue.
    """

    __slots__ = ("_backend", "_read", "id", "queue")

    def __init__(self, backend: Backend, queue: str, id: str, read: Callable[[bytes], R]) -> None:
        self._backend = backend
        self._read = read
        self.queue = queue
        self.id = id

    async def record(self) -> JobRecord | None:
        """All that the backend knows; None where the job is not kept any more."""
        return await self._backend.get(self.queue, self.id)

    async def status(self) -> Status | None:
        """`waiting`, `delayed`, `active`, `completed`, `failed`, `discarded`, `cancelled`; None: not kept any more."""
        record = await self.record()
        return None if record is None else record.status

    async def progress(self) -> Any:
        """What the function last said with `job.progress`; None: nothing."""
        record = await self.record()
        return None if record is None else record.progress

    async def result(self, *, within: Duration | None = None) -> R:
        """The function's result, once the job is completed.

        Args:
            within: How long to wait. Default: for ever.

        Raises:
            GatewayTimeoutError: It was not settled in time; it goes on.
            JobNotCompletedError: It failed, was discarded or cancelled, or is not kept any more.
        """
        limit = None if within is None else seconds_of(within)
        record = await self._backend.settled(self.queue, self.id, limit)
        if record is None:
            raise JobNotCompletedError(
                f'The job "{self.id}" of "{self.queue}" is not kept any more.'
            )
        if record.status not in SETTLED:
            raise GatewayTimeoutError(
                f'The job "{self.id}" of "{self.queue}" is {record.status} still.'
            )
        if record.status != "completed" or record.result is None:
            why = f": {record.error}" if record.error else "."
            raise JobNotCompletedError(
                f'The job "{self.id}" of "{self.queue}" is {record.status}{why}'
            )
        return self._read(record.result)

    async def cancel(self) -> bool:
        """Makes it `cancelled` if it is not settled; the function of an active one is cancelled. Whether it was not."""
        return await self._backend.cancel(self.queue, self.id)

    async def retry(self) -> bool:
        """Enqueues it anew if it failed, was discarded or cancelled. Whether it was.

        It runs as whom it ran before; a claim is believed for 30 days, and a job that carries an older one fails.
        """
        return await self._backend.retry(self.queue, self.id)

    async def drop(self) -> bool:
        """Forgets it if it is settled, as a dead letter that nobody will replay is. Whether it was."""
        return await self._backend.remove(self.queue, self.id)
