"""What a function raises to say what becomes of its job."""

from __future__ import annotations

from pikku_core import PikkuError


class JobFailedError(PikkuError):
    """The attempt has failed: the job is tried again while it has attempts left. `job.fail(reason)` raises it."""

    status = 500
    code = "job_failed"
    default_message = "The job has failed."


class JobDiscardedError(PikkuError):
    """The job is over: it is neither tried again nor a dead letter. `job.discard(reason)` raises it."""

    status = 410
    code = "job_discarded"
    default_message = "The job was discarded."


class JobTimeoutError(PikkuError):
    """An attempt took longer than its worker's `timeout`; the job is tried again while it has attempts left."""

    status = 504
    code = "job_timeout"
    default_message = "The job took too long."


class QueueNotFoundError(PikkuError):
    """A queue has no worker in this project."""

    status = 500
    code = "queue_not_found"
    default_message = "There is no such queue."
