"""The limit of a queue's rate, for all processes together: the generic cell rate algorithm (ITU-T I.371) on a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from pikku_queue.queue.worker_config import interval_of

if TYPE_CHECKING:
    from sqlite3 import Connection

CATCH_UP: Final = 0.1
"""Seconds of which the jobs may begin together, where nobody looked for that long."""
ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many jobs may begin.

    Attributes:
        interval: Seconds between two of them.
        burst: How many may begin together at most.
    """

    interval: float
    burst: int

    @classmethod
    def of(cls, rate_limit: str) -> Self | None:
        """What an option says: `"100/s"`."""
        interval = interval_of(rate_limit)
        return (
            cls(interval=interval, burst=max(1, int(CATCH_UP / interval + ROUNDING)))
            if interval
            else None
        )

    def allowed(self, connection: Connection, queue: str, now: float) -> tuple[int, float]:
        """How many may begin now, and the moment that the first of them was due."""
        row = connection.execute("select next from begun where queue = ?", (queue,)).fetchone()
        due: float = now if row is None else row["next"]
        if due > now + 2 * self.interval:  # The clock has gone back.
            due = now
        due = max(due, now - (self.burst - 1) * self.interval)
        return (0 if due > now else int((now - due) / self.interval + ROUNDING) + 1), due

    def begin(self, connection: Connection, queue: str, many: int, due: float) -> float:
        """Notes that so many have begun; returns the moment from which another may."""
        following = due + many * self.interval
        if many:
            connection.execute(
                "insert into begun (queue, next) values (?, ?) on conflict (queue) do update set next = excluded.next",
                (queue, following),
            )
        return following
