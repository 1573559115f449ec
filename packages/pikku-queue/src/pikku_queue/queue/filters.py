"""What queues are chosen by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_queue.scheduler import QUEUE as SCHEDULES

if TYPE_CHECKING:
    from pikku_core.plugin import WiringModel
    from pikku_core.select import Entry


def names(entry: Entry) -> list[str] | None:
    """The queue whose jobs call the function, that of all schedules included; nothing is said of wirings of other kinds."""
    wiring = entry.wiring
    return None if wiring is None else queues_of(wiring) or None


def queues_of(wiring: WiringModel) -> list[str]:
    """The queue that a wiring is for; none where it is of another kind."""
    if wiring.kind == "scheduler":
        return [SCHEDULES]
    return [str(wiring.meta["name"])] if wiring.kind == "queue" else []
