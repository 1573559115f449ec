"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from math import isfinite


@dataclass(order=True, slots=True)
class Sleeper:
    """One who sleeps.

    Attributes:
        until: When to be woken, on the clock's `monotonic`.
        number: In the order of falling asleep, among those with one time.
    """

    until: float
    number: int
    loop: asyncio.AbstractEventLoop = field(compare=False)
    woken: asyncio.Future[None] = field(compare=False)

    def wake(self) -> None:
        """Ends the sleep, from whatever thread; a loop that has ended has nobody who sleeps."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if not self.woken.done():
            self.woken.set_result(None)


class MovableClock:
    """A `pikku_core.services.Clock` that a test moves.

    ```python
    clock = MovableClock()
    with pikku.app(clock=clock) as app:
        token = app.call("issue_token")
        clock.move(hours=1)
        with pytest.raises(UnauthorizedError):
            app.call("use_token", token)
    ```

    It may be moved from any thread. Those who sleep are woken when their time has come, in the order of their times.

    Args:
        start: The time of day at first, aware. Default: 1 January 2030, 00:00 UTC.
    """

    def __init__(self, start: datetime | None = None) -> None:
        start = datetime(2030, 1, 1, tzinfo=UTC) if start is None else start
        if start.tzinfo is None:
            raise ValueError('"start" has no time zone: datetime(..., tzinfo=UTC).')
        self._start = start.astimezone(UTC)
        self._elapsed = 0.0
        self._sleepers: list[Sleeper] = []
        self._slept = 0
        self._changed = threading.Condition()

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """The seconds that it was moved so far."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Returns when the clock was moved so far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        with self._changed:
            self._slept += 1
            sleeper = Sleeper(self._elapsed + seconds, self._slept, loop, loop.create_future())
            heappush(self._sleepers, sleeper)
            self._changed.notify_all()
        try:
            await sleeper.woken
        finally:
            with self._changed:
                self._sleepers = sorted(each for each in self._sleepers if each is not sleeper)

    def move(self, by: timedelta | float = 0.0, *, hours: float = 0, days: float = 0) -> None:
        """Moves the clock forwards.

        Args:
            by: How far; a number is seconds.
            hours, days: The same in other units; all of them count.

        Raises:
            ValueError: It would be moved backwards, or for ever.
        """
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        seconds += hours * 3600 + days * 86400
        if seconds < 0:
            raise ValueError(f"A clock is not moved backwards ({seconds} s).")
        if not isfinite(seconds):
            raise ValueError(f"A clock is moved by a number of seconds ({seconds} s).")
        with self._changed:
            self._elapsed += seconds
            while self._sleepers and self._sleepers[0].until <= self._elapsed:
                heappop(self._sleepers).wake()

    @property
    def sleeping(self) -> int:
        """How many sleep now."""
        with self._changed:
            return len(self._sleepers)

    def wait_for_sleepers(self, count: int = 1, *, timeout: float = 10.0) -> None:
        """Blocks until so many sleep, which is the moment to move the clock, while an App runs beside the test.

        Raises:
            TimeoutError: They do not, after so many real seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._sleepers) >= count, timeout):
                raise TimeoutError(
                    f"{len(self._sleepers)} sleep and not {count}, after {timeout} seconds."
                )

    async def until_sleeping(self, count: int = 1, *, timeout: float = 10.0) -> None:  # noqa: ASYNC109 -- real seconds, which a test sees
        """The same for a test that is a coroutine."""
        await asyncio.to_thread(self.wait_for_sleepers, count, timeout=timeout)
