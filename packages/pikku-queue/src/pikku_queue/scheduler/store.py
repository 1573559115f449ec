"""What the schedules of a project have in common over all its processes: who looks at them, and what was fired.

The jobs of a firing are in the queue's backend. What is here makes sure that each moment fires once: one of several processes holds a
lease and looks; the last moment that was dealt with is moved on by compare-and-set; and a job whose id is that of its moment is taken
once, should two processes believe that they hold the lease.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleState:
    """A schedule, as all processes see it.

    Attributes:
        spec: The schedule and its time zone, as text: where that has changed, what was missed is not known.
        last: All moments up to this one were dealt with: seconds since 1970, UTC.
        job: The job of the last firing that was to run; empty: none.
        is_paused: Whether it does not fire until it is resumed.
    """

    spec: str
    last: float
    job: str = ""
    is_paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """That the moments of a schedule up to one of them are dealt with.

    Attributes:
        was: `ScheduleState.last` as it was read: where it is another by now, nothing is changed.
        last: What it is from now on.
        job: The job that was fired; empty: that of the state stays.
    """

    name: str
    was: float
    last: float
    job: str = ""


class ScheduleStore(Protocol):
    """Keeps what the schedules have in common; all methods belong to the App's event loop.

    All raise `ServiceUnavailableError` where the store cannot be reached.
    """

    async def hold(self, group: str, holder: str, lease: float) -> bool:
        """Takes or renews the lease of a group of schedules, for so many seconds; whether `holder` has it now."""
        ...

    async def release(self, group: str, holder: str) -> None:
        """Gives the lease back, if `holder` has it."""
        ...

    async def begin(self, specs: Mapping[str, str], now: float) -> None:
        """Makes the state of schedules that have none, or another spec: nothing was missed until now."""
        ...

    async def states(self, names: Sequence[str]) -> Mapping[str, ScheduleState]:
        """The states of those that have one, by name."""
        ...

    async def advance(self, changes: Sequence[Advance]) -> Sequence[str]:
        """Moves `last` on, each by compare-and-set; the names of those that were moved."""
        ...

    async def ran(self, name: str, job: str) -> None:
        """Notes a job that was triggered, as the last one that was to run."""
        ...

    async def pause(self, name: str) -> bool:
        """Lets a schedule fire no more; whether it has a state, and did."""
        ...

    async def resume(self, name: str, now: float) -> bool:
        """Lets it fire again: nothing was missed until now; whether it was paused."""
        ...


@runtime_checkable
class KeepsSchedules(Protocol):
    """A backend of queues that can keep schedules too."""

    def schedules(self) -> ScheduleStore:
        """The store, in the same place as the jobs."""
        ...
