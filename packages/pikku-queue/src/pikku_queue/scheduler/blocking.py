"""The wire thing `schedule` of sync functions: the same methods, which block their thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Unpack

from pikku_queue.queue.blocking import SyncJobHandle, waited

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_queue.scheduler.firing import FiringRecord
    from pikku_queue.scheduler.options import CallOptions
    from pikku_queue.scheduler.producer import Schedule
    from pikku_queue.scheduler.record import ScheduleRecord


class SyncSchedule:
    """Calls functions later, from sync functions; `from pikku_app import SyncSchedule` is the project's typed one.

    Args:
        schedule: What does it, in the event loop that runs where this is made.
    """

    __slots__ = ("_loop", "_schedule")

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._loop = asyncio.get_running_loop()

    def rpc(
        self, name: str, data: Any = None, /, **options: Unpack[CallOptions]
    ) -> SyncJobHandle[Any]:
        """Calls a function once, later; see `Schedule.rpc`."""
        handle = waited(self._loop, self._schedule.rpc(name, data, **options))
        return SyncJobHandle(handle, self._loop)

    def unschedule(self, id: str) -> bool:
        """See `Schedule.unschedule`."""
        return waited(self._loop, self._schedule.unschedule(id))

    def calls(self, *, limit: int = 100) -> Sequence[FiringRecord]:
        """See `Schedule.calls`."""
        return waited(self._loop, self._schedule.calls(limit=limit))

    def firings(self, name: str = "", *, limit: int = 100) -> Sequence[FiringRecord]:
        """See `Schedule.firings`."""
        return waited(self._loop, self._schedule.firings(name, limit=limit))

    def pause(self, name: str) -> bool:
        """See `Schedule.pause`."""
        return waited(self._loop, self._schedule.pause(name))

    def resume(self, name: str) -> bool:
        """See `Schedule.resume`."""
        return waited(self._loop, self._schedule.resume(name))

    def trigger(self, name: str) -> SyncJobHandle[Any]:
        """See `Schedule.trigger`."""
        return SyncJobHandle(waited(self._loop, self._schedule.trigger(name)), self._loop)

    def list(self) -> Sequence[ScheduleRecord]:
        """See `Schedule.list`."""
        return waited(self._loop, self._schedule.list())
