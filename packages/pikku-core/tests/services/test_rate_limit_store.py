"""The store in memory: what every store does, and what is its own."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core.services import MemoryRateLimitStore, RateLimit
from pikku_core.services.rate_limit_store import STEPS, Taken
from pikku_core.testing import MovableClock
from pikku_core.testing.conformance import RateLimitStoreConformance

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pikku_core.services import RateLimitStore

pytestmark = pytest.mark.anyio

MINUTE = RateLimit(limit=5, window=60)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class TestMemoryRateLimitStore(RateLimitStoreConformance):
    @asynccontextmanager
    async def store(self, clock: MovableClock) -> AsyncGenerator[RateLimitStore]:
        yield MemoryRateLimitStore(clock=clock)


async def test_the_key_that_took_longest_ago_makes_way() -> None:
    store = MemoryRateLimitStore(clock=MovableClock(), max_keys=2)
    for key in ("a", "b", "a", "c"):
        await store.take(key, MINUTE)
    assert len(store) == 2
    assert (await store.take("a", MINUTE)).remaining == 2
    assert (await store.take("b", MINUTE)).remaining == 4


async def test_as_many_addresses_as_there_are_take_the_room_of_max_keys() -> None:
    store = MemoryRateLimitStore(clock=MovableClock(), max_keys=1000)
    for number in range(20_000):
        await store.take(str(number), MINUTE)
    assert len(store) == 1000


async def test_keys_whose_time_is_over_take_no_room_whatever_their_windows_are() -> None:
    clock = MovableClock()
    store = MemoryRateLimitStore(clock=clock)
    await store.take("day", RateLimit(limit=5, window=86400))
    for number in range(100):
        await store.take(str(number), MINUTE)
    clock.move(61)
    assert len(store) == 1


async def test_a_store_for_no_keys_is_refused() -> None:
    with pytest.raises(ValueError, match='"max_keys" is 0'):
        MemoryRateLimitStore(max_keys=0)


async def test_a_limit_of_ten_is_exact() -> None:
    clock = MovableClock()
    store, ten = MemoryRateLimitStore(clock=clock), RateLimit(limit=10, window=60)
    for _ in range(10):
        await store.take("a", ten)
        clock.move(1)
    clock.move(50)
    for _ in range(10):
        assert (await store.take("a", ten)).remaining == 0
        clock.move(1)


moves = st.tuples(st.floats(0, 30), st.integers(1, 4))


@given(st.lists(moves, max_size=200), st.integers(4, 12))
def test_of_no_span_as_long_as_the_window_more_is_taken_than_the_limit(
    calls: list[tuple[float, int]], limit: int
) -> None:
    now, key, taken = 0.0, Taken(), list[tuple[float, int]]()
    for pause, cost in calls:
        now += pause
        state = key.take(now, RateLimit(limit=limit, window=60), cost)
        assert 0 <= state.remaining <= limit
        assert 0 <= state.retry_after <= 60
        assert 0 < state.reset_after <= 60
        if state.allowed:
            taken.append((now, cost))
        assert len(key.counts) <= 2 * STEPS
        assert sum(count for moment, count in taken if moment > now - 60) <= limit


@given(st.lists(moves, max_size=60), st.integers(4, 12))
def test_who_waits_as_long_as_is_said_is_let_through(
    calls: list[tuple[float, int]], limit: int
) -> None:
    async def call() -> None:
        clock = MovableClock()
        store, five = MemoryRateLimitStore(clock=clock), RateLimit(limit=limit, window=60)
        for pause, cost in calls:
            clock.move(pause)
            state = await store.take("a", five, cost)
            if not state.allowed:
                clock.move(state.retry_after + 0.001)
                assert (await store.take("a", five, cost)).allowed

    asyncio.run(call())
