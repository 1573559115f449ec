"""A schedule as the beat and the producers know it: its declaration, put together once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from pikku_core.duration import seconds_of
from pikku_core.tracing import trace_id
from pikku_queue.queue.message import Message
from pikku_queue.scheduler import QUEUE
from pikku_queue.scheduler.firing import Firing, firing_id
from pikku_queue.scheduler.timetable import between, latest, timetable_of

if TYPE_CHECKING:
    from pikku_queue.scheduler.timetable import Timetable
    from pikku_queue.scheduler.wiring import SchedulerWiring

FRESH: Final = 60.0
"""Seconds up to which a moment is only late: longer than it takes until the lease of a holder that died is taken over."""
AT_ONCE: Final = 1000
"""Moments of a schedule with `misfire="all"` that are fired in one go."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A schedule of the project.

    Attributes:
        wiring: What is declared.
        timetable: When it fires.
    """

    wiring: SchedulerWiring
    timetable: Timetable

    @classmethod
    def of(cls, wiring: SchedulerWiring) -> Entry:
        """The entry of a declaration."""
        return cls(wiring, timetable_of(wiring.schedule, wiring.timezone))

    @property
    def name(self) -> str:
        """The schedule."""
        return self.wiring.name

    @property
    def spec(self) -> str:
        """What says when it fires."""
        text = f"{self.wiring.schedule} {self.wiring.timezone}"
        return text if self.wiring.enabled else f"{text} off"

    def following(self, moment: float) -> float | None:
        """The first moment later than that; seconds since 1970, UTC."""
        found = self.timetable.after(datetime.fromtimestamp(moment, UTC))
        return None if found is None else found.timestamp()

    def missed(self, last: float, now: float) -> list[float]:
        """The moments to fire of those later than `last` and not later than `now`, in order: what `misfire` says.

        Of moments that are only late the last one fires, whatever it says.
        """
        after, until = datetime.fromtimestamp(last, UTC), datetime.fromtimestamp(now, UTC)
        if self.wiring.misfire == "all":
            found = islice(between(self.timetable, after, until), AT_ONCE)
            return [moment.timestamp() for moment in found]
        moment = latest(self.timetable, after, until)
        if moment is None or (self.wiring.misfire == "skip" and now - moment.timestamp() > FRESH):
            return []
        return [moment.timestamp()]

    def message(
        self, due: float, *, now: float, skipped: str = "", is_triggered: bool = False
    ) -> Message:
        """The job of a firing."""
        wiring = self.wiring
        late = 0.0 if is_triggered or skipped else self._jitter(due)
        firing = Firing(name=wiring.name, due=due, skipped=skipped, is_triggered=is_triggered)
        return Message(
            id=firing_id(wiring.name, due),
            queue=QUEUE,
            data=firing.to_json(),
            attempts=wiring.attempts,
            due=due + late if late else None,
            group=wiring.name if wiring.overlap == "queue" and not skipped else "",
            trace_id=trace_id.get(),
            enqueued=now,
            once=True,
        )

    def _jitter(self, due: float) -> float:
        """How late a firing is: by chance, and yet the same wherever it is asked."""
        limit = seconds_of(self.wiring.jitter)
        digest = hashlib.sha256(firing_id(self.name, due).encode()).digest()
        return limit * int.from_bytes(digest[:8]) / 2**64
