"""Where is counted how much was taken of limits."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Protocol

from pikku_core.service import pikku_service
from pikku_core.services.clock import Clock, SystemClock
from pikku_core.services.rate_limit import RateLimitState

if TYPE_CHECKING:
    from pikku_core.services.rate_limit import RateLimit

STEPS: Final = 10
"""The parts of a window. A key that took so often within its window counts further takes of one part as one, at the moment
of the last: so a limit is never exceeded, and a key needs the same room whatever its limit is."""


class RateLimitStore(Protocol):
    """Counts how much was taken by key: the service `rate_limit_store` that middleware asks for.

    It knows nothing of what a key is. A key has one limit: whoever uses it makes the limit a part of the key.
    `pikku_core.testing.conformance.RateLimitStoreConformance` says what every store does.
    """

    async def take(self, key: str, limit: RateLimit, cost: int = 1) -> RateLimitState:
        """Takes so much, or nothing where that would exceed the limit.

        Of no span of time that is as long as the window more is taken than the limit. What was taken comes back when
        its time is over; of a limit of more than 10, up to a tenth of the window later.

        Raises:
            ValueError: The cost is less than 1, or more than the limit.
            ServiceUnavailableError: It cannot be said now.
        """
        ...


class MemoryRateLimitStore:
    """Counts in this process: for development, tests, and servers that are one process.

    Args:
        clock: What time it is. Default: the machine's.
        max_keys: How many keys are counted of each length of window: the one that took longest ago makes way, as if it had
            taken nothing. A key needs 300 bytes, and up to 2 kB if it takes often.
    """

    def __init__(self, *, clock: Clock | None = None, max_keys: int = 100_000) -> None:
        if max_keys < 1:
            raise ValueError(f'"max_keys" is {max_keys}: count one key at least.')
        self._clock = SystemClock() if clock is None else clock
        self._max_keys = max_keys
        self._windows: dict[int, OrderedDict[str, Taken]] = {}

    def __len__(self) -> int:
        for window, keys in self._windows.items():
            drop_over(keys, self._clock.monotonic() - window)
        return sum(map(len, self._windows.values()))

    async def take(self, key: str, limit: RateLimit, cost: int = 1) -> RateLimitState:
        """Takes so much, or nothing where that would exceed the limit."""
        check_cost(cost, limit)
        now = self._clock.monotonic()
        keys = self._windows.setdefault(limit.window, OrderedDict())
        drop_over(keys, now - limit.window)
        taken = keys.get(key)
        if taken is None:
            taken = keys[key] = Taken()
        state = taken.take(now, limit, cost)
        if state.allowed:
            keys.move_to_end(key)
            if len(keys) > self._max_keys:
                keys.popitem(last=False)
        return state


class Taken:
    """What was taken of one key within its window.

    Attributes:
        counts: How much, after the moment at which it was; oldest first.
        total: The sum of these.
    """

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts: list[tuple[float, int]] = []
        self.total = 0

    def take(self, now: float, limit: RateLimit, cost: int) -> RateLimitState:
        """Takes so much, or nothing where that would exceed the limit."""
        counts, window = self.counts, limit.window
        while counts and counts[0][0] + window <= now:
            self.total -= counts.pop(0)[1]
        free = limit.limit - self.total
        if cost > free:
            back = 0.0
            for moment, count in counts:
                free, back = free + count, moment - now + window
                if cost <= free:
                    break
            return RateLimitState(
                allowed=False,
                remaining=limit.limit - self.total,
                reset_after=counts[0][0] - now + window,
                retry_after=back,
            )
        step = window / STEPS
        if len(counts) >= STEPS and counts[-1][0] // step == now // step:
            counts[-1] = (now, counts[-1][1] + cost)
        else:
            counts.append((now, cost))
        self.total += cost
        reset = counts[0][0] - now + window
        return RateLimitState(allowed=True, remaining=free - cost, reset_after=reset)


def drop_over(keys: OrderedDict[str, Taken], before: float) -> None:
    """Forgets the keys that took last before a moment; they stand in the order of taking."""
    while keys:
        key = next(iter(keys))
        if keys[key].counts[-1][0] > before:
            return
        del keys[key]


def check_cost(cost: int, limit: RateLimit) -> None:
    """Raises `ValueError` for what could never be taken."""
    if not 1 <= cost <= limit.limit:
        raise ValueError(f'The "cost" is {cost}: 1 to {limit.limit}, which is the limit.')


@pikku_service(name="rate_limit_store")
def memory_rate_limit_store(*, clock: Clock) -> RateLimitStore:
    """The service `rate_limit_store` of every project that declares none of its own: it counts in one process."""
    return MemoryRateLimitStore(clock=clock)
