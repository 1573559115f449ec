"""What can be wrong with a schedule, and how a function says that there is nothing to do."""

from __future__ import annotations

from pikku_core import PikkuError
from pikku_queue.queue.errors import JobDiscardedError


class ScheduledTaskSkippedError(JobDiscardedError):
    """There is nothing to do this time: the firing is `skipped`, which is no failure. `scheduled_task.skip(reason)` raises it."""

    code = "scheduled_task_skipped"
    default_message = "The scheduled task was skipped."


class ScheduleNotFoundError(PikkuError):
    """No schedule of this project has the name."""

    status = 404
    code = "schedule_not_found"
    default_message = "There is no such schedule."
