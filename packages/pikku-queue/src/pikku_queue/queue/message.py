"""A job on its way: what a producer hands to a backend, and a backend to a worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pikku_queue.queue.backoff import Backoff

if TYPE_CHECKING:
    from collections.abc import Mapping

PRIORITIES: Final = range(10)
"""0 to 9; higher goes first, on every backend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A job that is to be done.

    Attributes:
        id: Unique in its queue; the job's identity.
        queue: The name of the queue.
        data: The function's data as JSON; `null` for a function without data.
        attempts: How often it is tried at most, 1 or more.
        backoff: The waits between attempts.
        priority: One of `PRIORITIES`.
        due: Not before this moment: seconds since 1970, UTC.
        expires: After this moment no first attempt is begun, and it ends as `discarded`.
        group: Jobs of one group share its limit of concurrency, where the worker has one.
        trace_id: The trace id of the invocation that enqueued it.
        claim: Who it runs as: a signed claim; empty: nobody.
        enqueued: When it was enqueued: seconds since 1970, UTC.
        once: It is not taken where a job of its id is kept, settled or not. For who takes it; a worker does not see it.
    """

    id: str
    queue: str
    data: bytes = b"null"
    attempts: int = 1
    backoff: Backoff = field(default_factory=Backoff)
    priority: int = 0
    due: float | None = None
    expires: float | None = None
    group: str = ""
    trace_id: str = ""
    claim: str = ""
    enqueued: float = 0.0
    once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message in the hands of a worker.

    Attributes:
        message: The message.
        attempt: Which attempt this is, from 1; one that was lost with its worker counts.
        headers: What the backend adds, for people: the Celery task id, a receipt.
    """

    message: Message
    attempt: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
