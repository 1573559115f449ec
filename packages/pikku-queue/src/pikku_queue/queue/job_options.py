"""What a job may say beside its data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from pikku_core.duration import Duration
    from pikku_queue.queue.backoff import Backoff


class OptionsOfMany(TypedDict, total=False):
    """The options of jobs that are added together.

    Attributes:
        delay: They are not begun earlier than that from now.
        attempts: How often each is tried at most. Default: what the worker's configuration says, as for the next two.
        backoff: The waits between attempts.
        priority: 0 to 9; higher goes first.
        expires: One that was not begun that long from now is discarded.
        group: Jobs of one group share the worker's `group_concurrency`.
        session: Who they run as. Default: nobody.
    """

    delay: Duration
    attempts: int | None
    backoff: Backoff | None
    priority: int | None
    expires: Duration | None
    group: str
    session: Any


class JobOptions(OptionsOfMany, total=False):
    """The options of a job; see `OptionsOfMany` for the others.

    Attributes:
        job_id: Its id: while a job of that id is not settled, another is not added, and the handle is the first one's.
            Default: a new one.
    """

    job_id: str
