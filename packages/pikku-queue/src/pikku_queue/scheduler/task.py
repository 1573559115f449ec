"""The wire thing `scheduled_task`: what a function can know and say of the firing that called it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from pikku_core import Wire
from pikku_queue.scheduler.errors import ScheduledTaskSkippedError
from pikku_queue.scheduler.timetable import zone_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pikku_queue.queue.message import Delivery
    from pikku_queue.scheduler.firing import Firing


class ScheduledTask:
    """The current firing of a schedule, or the current one-off call.

    Functions and middleware ask for it by name; `scheduled_task: ScheduledTask | None = None` where other transports call them
    too.

    ```python
    @pikku_sessionless_func
    async def send_digest(*, scheduled_task: ScheduledTask, mailer: Mailer) -> None:
        if scheduled_task.due.weekday() == 6:
            scheduled_task.skip("Nobody reads it on Sundays.")
        await mailer.send_digest(idempotency_key=scheduled_task.id)
    ```
    """

    __slots__ = ("_delivery", "_firing", "_timezone")

    def __init__(self, firing: Firing, delivery: Delivery, timezone: str = "UTC") -> None:
        self._firing = firing
        self._delivery = delivery
        self._timezone = timezone

    @property
    def id(self) -> str:
        """The firing, the same in all its attempts: what makes an effect idempotent."""
        return self._delivery.message.id

    @property
    def name(self) -> str:
        """The schedule; of a one-off call the function."""
        return self._firing.name

    @property
    def due(self) -> datetime:
        """When it was to fire, in the schedule's time zone."""
        return datetime.fromtimestamp(self._firing.due, UTC).astimezone(zone_of(self._timezone))

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        return self._delivery.attempt

    @property
    def attempts(self) -> int:
        """How many there are at most."""
        return self._delivery.message.attempts

    @property
    def is_triggered(self) -> bool:
        """Whether somebody has triggered it, and not its time."""
        return self._firing.is_triggered

    def skip(self, reason: str) -> NoReturn:
        """Ends the firing as `skipped`: there is nothing to do, and it is no failure.

        Raises:
            ScheduledTaskSkippedError: Always.
        """
        raise ScheduledTaskSkippedError(reason)


class TaskWire(Wire):
    """One attempt of a firing.

    Attributes:
        firing: What is fired.
        delivery: What the backend gave.
    """

    __slots__ = ("_task", "_timezone", "delivery", "firing")

    kind: ClassVar[str] = "scheduler"

    def __init__(
        self, wiring: str, function: str, delivery: Delivery, firing: Firing, timezone: str = "UTC"
    ) -> None:
        Wire.__init__(self, wiring, function)
        self.delivery = delivery
        self.firing = firing
        self._timezone = timezone
        self._task: ScheduledTask | None = None

    def make_trace_id(self) -> str:
        """That of the invocation which triggered it, or a new one."""
        return self.delivery.message.trace_id or Wire.make_trace_id(self)

    def make_task(self) -> ScheduledTask:
        """The wire thing `scheduled_task`, the same for all who ask."""
        if self._task is None:
            self._task = ScheduledTask(self.firing, self.delivery, self._timezone)
        return self._task

    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"scheduled_task": make_task}
