"""What a queue's backend is: the embedded one, Celery, a stranger's.

A backend keeps messages, gives each to one worker at a time, and gives it to another when that one is lost. What an attempt comes
to (whether it is tried again, and when) is decided in one place for all of them, `attempt.py`; a backend records it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, Self, TypeAlias

if TYPE_CHECKING:
    from asyncio import Event
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from types import TracebackType

    from pikku_queue.queue.message import Delivery, Message
    from pikku_queue.queue.outcome import Outcome
    from pikku_queue.queue.record import Counts, JobRecord, Status
    from pikku_queue.queue.worker_config import WorkerConfig

Execute: TypeAlias = "Callable[[Delivery], Awaitable[Outcome]]"
"""Runs one attempt. It gives an outcome for whatever a function raises, and for its own cancellation `Returned`; what it raises is
the end of the process."""

Level: TypeAlias = Literal["honoured", "approximated", "refused"]


@dataclass(frozen=True, slots=True)
class Support:
    """What becomes of an option on a backend.

    Attributes:
        level: `honoured`, `approximated` (how: see `note`), or `refused`: a project that sets it does not start.
        note: How, or why not.
    """

    level: Level
    note: str = ""


HONOURED: Final = Support("honoured")

OPTIONS: Final = (
    *("attempts", "backoff", "delay", "priority", "job_id", "group", "expires"),
    *("concurrency", "group_concurrency", "rate_limit", "timeout", "visibility", "keep"),
    *("results", "progress", "wait", "cancel", "retry", "peek", "dead_letters", "counts"),
)
"""What a capability table says something about: options of jobs, options of workers, what a producer can ask."""


class Backend(Protocol):
    """Where the jobs are. One per App, opened with it; all methods belong to the App's event loop."""

    name: str
    """`embedded`, `celery`."""

    capabilities: Mapping[str, Support]
    """By option: one of `OPTIONS` each."""

    async def __aenter__(self) -> Self:
        """Opens it; raises `ServiceUnavailableError` where there is nothing to connect to."""
        ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes it."""
        ...

    async def enqueue(self, messages: Sequence[Message]) -> Sequence[str]:
        """Takes messages, all or none, and returns their ids.

        One whose id is that of a job that is not settled is not taken a second time; one with `once` neither where that job is
        settled and still kept.
        """
        ...

    async def get(self, queue: str, id: str) -> JobRecord | None:
        """A job; None where there is none, or it is not kept any more."""
        ...

    async def settled(self, queue: str, id: str, within: float | None) -> JobRecord | None:
        """The job once it is settled, or as it is after `within` seconds; None where there is none."""
        ...

    async def cancel(self, queue: str, id: str) -> bool:
        """Makes a job that is not settled `cancelled`; an active one is told. Whether there was one."""
        ...

    async def retry(self, queue: str, id: str) -> bool:
        """Enqueues a failed, discarded or cancelled job anew, with all its attempts. Whether there was one."""
        ...

    async def remove(self, queue: str, id: str) -> bool:
        """Forgets a settled job, a dead letter above all. Whether there was one."""
        ...

    async def report(self, queue: str, id: str, progress: Any) -> None:
        """Records progress, JSON-like, of an active job."""
        ...

    async def counts(self, queue: str) -> Counts:
        """How many jobs there are."""
        ...

    async def list(self, queue: str, status: Status, limit: int) -> Sequence[JobRecord]:
        """The next ones of a status: waiting ones in the order in which they are taken, settled ones newest first."""
        ...

    async def queues(self) -> Sequence[str]:
        """The names of the queues that have jobs, settled ones that are kept included, sorted."""
        ...

    async def work(
        self,
        queues: Mapping[str, WorkerConfig],
        execute: Execute,
        *,
        concurrency: int,
        stopping: Event,
        ready: Callable[[], None],
        grace: float,
    ) -> None:
        """Works jobs off until `stopping`, then finishes what it holds, and returns what is not done after `grace` seconds.

        Args:
            queues: Those to take from, with what their workers say.
            execute: Runs an attempt.
            concurrency: How many attempts run at once in this process, over all queues.
            ready: Called once it takes jobs.
        """
        ...
