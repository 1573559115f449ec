"""What every store of rate limits does."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from pikku_core.services import RateLimit
from pikku_core.testing.clock import MovableClock
from pikku_core.testing.conformance.event_loop import in_event_loop

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from pikku_core.services import RateLimitStore

WINDOW = 60
LIMIT = RateLimit(limit=5, window=WINDOW)


class RateLimitStoreConformance(ABC):
    """The suite of a store of rate limits: the subclass says how to open one that is empty.

    ```python
    class TestMemoryRateLimitStore(RateLimitStoreConformance):
        @asynccontextmanager
        async def store(self, clock: MovableClock) -> AsyncIterator[RateLimitStore]:
            yield MemoryRateLimitStore(clock=clock)
    ```
    """

    @abstractmethod
    def store(self, clock: MovableClock) -> AbstractAsyncContextManager[RateLimitStore]:
        """Opens an empty store.

        Args:
            clock: The clock that it goes by.
        """

    @in_event_loop
    async def test_as_much_as_the_limit_is_taken_at_once_and_no_more(self) -> None:
        async with self.store(MovableClock()) as store:
            states = [await store.take("a", LIMIT) for _ in range(7)]
            assert [one.allowed for one in states] == [True] * 5 + [False] * 2
            assert [one.remaining for one in states] == [4, 3, 2, 1, 0, 0, 0]

    @in_event_loop
    async def test_what_was_taken_comes_back_when_its_time_is_over(self) -> None:
        clock = MovableClock()
        async with self.store(clock) as store:
            for _ in range(5):
                await store.take("a", LIMIT)
            clock.move(WINDOW - 1)
            refused = await store.take("a", LIMIT)
            assert (refused.allowed, round(refused.retry_after, 3)) == (False, 1)
            clock.move(1)
            assert (await store.take("a", LIMIT)).remaining == 4

    @in_event_loop
    async def test_there_is_no_moment_at_which_the_limit_is_given_twice(self) -> None:
        clock = MovableClock()
        async with self.store(clock) as store:
            clock.move(WINDOW - 1)
            for _ in range(5):
                await store.take("a", LIMIT)
            clock.move(2)
            assert not (await store.take("a", LIMIT)).allowed

    @in_event_loop
    async def test_what_is_left_and_when_it_grows_is_said(self) -> None:
        clock = MovableClock()
        async with self.store(clock) as store:
            first = await store.take("a", LIMIT)
            assert (first.remaining, round(first.reset_after, 3)) == (4, WINDOW)
            clock.move(20)
            second = await store.take("a", LIMIT)
            assert (second.remaining, round(second.reset_after, 3)) == (3, WINDOW - 20)
            clock.move(40)
            third = await store.take("a", LIMIT)
            assert (third.remaining, round(third.reset_after, 3)) == (3, 20)

    @in_event_loop
    async def test_what_was_refused_is_not_counted(self) -> None:
        clock = MovableClock()
        async with self.store(clock) as store:
            await store.take("a", LIMIT, 5)
            for _ in range(3):
                clock.move(19)
                assert not (await store.take("a", LIMIT)).allowed
            clock.move(3)
            assert (await store.take("a", LIMIT, 5)).allowed

    @in_event_loop
    async def test_a_cost_is_taken_whole_or_not_at_all(self) -> None:
        clock = MovableClock()
        async with self.store(clock) as store:
            assert (await store.take("a", LIMIT, 2)).remaining == 3
            clock.move(30)
            assert (await store.take("a", LIMIT, 2)).remaining == 1
            refused = await store.take("a", LIMIT, 4)
            assert (refused.remaining, round(refused.retry_after, 3)) == (1, WINDOW)
            assert round((await store.take("a", LIMIT, 3)).retry_after, 3) == 30
            assert (await store.take("a", LIMIT, 1)).remaining == 0

    @in_event_loop
    async def test_a_steady_caller_is_never_given_more_than_the_limit(self) -> None:
        clock, taken = MovableClock(), list[int]()
        limit = RateLimit(limit=20, window=WINDOW)
        async with self.store(clock) as store:
            for second in range(4 * WINDOW):
                clock.move(1)
                if (await store.take("a", limit)).allowed:
                    taken.append(second)
        for start in range(3 * WINDOW):
            assert len([one for one in taken if start <= one < start + WINDOW]) <= 20
        assert len(taken) >= 60

    @in_event_loop
    async def test_keys_are_told_apart_by_every_character(self) -> None:
        keys = ["a", "A", "a ", "", "a:b", "a/b", "ä", "a*", "a" * 500]
        async with self.store(MovableClock()) as store:
            states = [await store.take(key, LIMIT) for key in keys]
            assert {one.remaining for one in states} == {4}

    @in_event_loop
    async def test_of_many_at_once_as_many_as_the_limit_are_allowed(self) -> None:
        limit = RateLimit(limit=20, window=WINDOW)
        async with self.store(MovableClock()) as store:
            states = await asyncio.gather(*(store.take("a", limit) for _ in range(50)))
            assert len([one for one in states if one.allowed]) == 20

    @in_event_loop
    async def test_a_cost_that_could_never_be_taken_is_refused_and_nothing_changes(self) -> None:
        async with self.store(MovableClock()) as store:
            for cost in (0, -1, 6):
                try:
                    await store.take("a", LIMIT, cost)
                except ValueError:
                    continue
                raise AssertionError(f"{cost} of 5 were taken.")
            assert (await store.take("a", LIMIT)).remaining == 4
