"""What the store in memory does beside what every store does; see `tests/testing/test_conformance.py`."""

from __future__ import annotations

import gc
import sys

import pytest

from pikku_core.services import MemorySessionStore
from pikku_core.testing import MovableClock

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_the_session_that_was_set_longest_ago_makes_way() -> None:
    store = MemorySessionStore(max_sessions=2)
    await store.set("a", b"1", ttl=60)
    await store.set("b", b"2", ttl=60)
    await store.set("a", b"3", ttl=60)
    await store.set("c", b"4", ttl=60)
    assert [await store.get(key) for key in "abc"] == [b"3", None, b"4"]
    assert len(store) == 2


def test_a_store_for_no_sessions_is_refused() -> None:
    with pytest.raises(ValueError, match='"max_sessions" is 0'):
        MemorySessionStore(max_sessions=0)


async def test_sessions_whose_time_is_over_take_no_room() -> None:
    clock = MovableClock()
    store = MemorySessionStore(clock=clock)
    for number in range(100):
        await store.set(str(number), b"", ttl=60)
    clock.move(61)
    await store.set("new", b"", ttl=60)
    assert len(store) == 1


async def test_a_session_that_is_set_with_every_request_takes_the_room_of_one() -> None:
    store = MemorySessionStore(clock=MovableClock())
    sizes: list[int] = []
    for _ in range(2):
        for _ in range(2000):
            await store.set("a", b"", ttl=60)
            await store.clear("b")
        gc.collect()
        sizes.append(sys.getsizeof(store.__dict__["_ends"]))
    assert max(sizes) < 1000
