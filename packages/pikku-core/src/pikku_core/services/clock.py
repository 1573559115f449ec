"""The time, as a service: what a function asks of it a test can move."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol

from pikku_core.service import pikku_service


class Clock(Protocol):
    """What time it is. Every project has it as the service `clock`.

    `pikku_core.testing.MovableClock` stands still until a test moves it.
    """

    def now(self) -> datetime:
        """The time of day, aware, in UTC. It may be set back: measure with `monotonic`."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment; they only grow, at the speed of time."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Returns when so many seconds have gone by; at once where they are 0 or less."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment of this machine's."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Returns when so many seconds have gone by."""
        await asyncio.sleep(max(0.0, seconds))


@pikku_service(name="clock")
def system_clock() -> Clock:
    """The service `clock` of every project that declares none of its own."""
    return SystemClock()
