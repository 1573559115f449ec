"""What is known of a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pikku_queue.scheduler.firing import FiringRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRecord:
    """A schedule as it is now.

    Attributes:
        name: The schedule.
        schedule: What its declaration says: `0 9 * * MON-FRI`.
        timezone: Whose clock that means.
        function: The id of the function.
        is_enabled: Whether it fires by itself, as declared.
        is_paused: Whether somebody has paused it.
        next: When it fires next, in its time zone; None: it does not.
        last: The last firing that was to run; None: there was none, or it is not kept any more.
    """

    name: str
    schedule: str
    timezone: str
    function: str
    is_enabled: bool
    is_paused: bool
    next: datetime | None
    last: FiringRecord | None
