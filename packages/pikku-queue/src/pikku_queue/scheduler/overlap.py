"""Whether a firing is skipped because the one before is not done yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_queue.queue.record import SETTLED
from pikku_queue.scheduler import QUEUE

if TYPE_CHECKING:
    from pikku_queue.queue.backend import Backend
    from pikku_queue.scheduler.entry import Entry
    from pikku_queue.scheduler.store import ScheduleState


async def overlapping(entry: Entry, state: ScheduleState, backend: Backend) -> str:
    """Why a firing is skipped; empty: it is not."""
    if entry.wiring.overlap != "skip" or not state.job:
        return ""
    before = await backend.get(QUEUE, state.job)
    if before is None or before.status in SETTLED:
        return ""
    return f'The one before, "{state.job}", is {before.status} still.'
