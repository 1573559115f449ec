"""What a one-off call may say beside its data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from datetime import datetime

    from pikku_core.duration import Duration
    from pikku_queue.queue.backoff import Backoff


class CallOptions(TypedDict, total=False):
    """The options of a one-off call.

    Attributes:
        after: How long from now it is made. Default, where `at` is not given either: at once.
        at: When it is made: aware; one that is past is made at once.
        attempts: How often it is tried at most. Default: once.
        backoff: The waits between attempts.
        job_id: Its id: while a call of that id is not settled, another is not added. Default: a new one.
        session: Who it runs as. Default: nobody.
    """

    after: Duration
    at: datetime
    attempts: int
    backoff: Backoff
    job_id: str
    session: Any
