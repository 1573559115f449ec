"""What every session store does."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from pikku_core.testing.clock import MovableClock
from pikku_core.testing.conformance.event_loop import in_event_loop

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from pikku_core.services import SessionStore

TTL = 60.0


class SessionStoreConformance(ABC):
    """The suite of a session store: the subclass says how to open one that is empty.

    ```python
    class TestMemorySessionStore(SessionStoreConformance):
        @asynccontextmanager
        async def store(self, clock: MovableClock) -> AsyncIterator[SessionStore]:
            yield MemorySessionStore(clock=clock)
    ```
    """

    @abstractmethod
    def store(self, clock: MovableClock) -> AbstractAsyncContextManager[SessionStore]:
        """Opens an empty store.

        Args:
            clock: The clock that it goes by, or that `elapse` alone knows of.
        """

    async def elapse(self, seconds: float, clock: MovableClock) -> None:
        """Lets time go by for the store. A store with a clock of its own, such as a server's, has another way."""
        clock.move(seconds)

    @in_event_loop
    async def test_a_session_is_kept(self) -> None:
        async with self.store(MovableClock()) as store:
            await store.set("a", b"ada", ttl=TTL)
            assert await store.get("a") == b"ada"
            assert await store.get("a") == b"ada"

    @in_event_loop
    async def test_a_session_that_nobody_set_is_none(self) -> None:
        async with self.store(MovableClock()) as store:
            assert await store.get("a") is None

    @in_event_loop
    async def test_sessions_are_told_apart_by_every_character_of_their_keys(self) -> None:
        keys = ["a", "A", "a ", "", "a:b", "a/b", "ä", "a*", "a" * 500]
        async with self.store(MovableClock()) as store:
            for key in keys:
                await store.set(key, key.encode(), ttl=TTL)
            assert [await store.get(key) for key in keys] == [key.encode() for key in keys]

    @in_event_loop
    async def test_a_session_is_any_bytes(self) -> None:
        async with self.store(MovableClock()) as store:
            for session in (b"", b"\x00\xff\r\n", bytes(range(256)) * 400):
                await store.set("a", session, ttl=TTL)
                assert await store.get("a") == session

    @in_event_loop
    async def test_what_is_set_again_has_the_new_value_and_the_new_time(self) -> None:
        clock = MovableClock()
        async with self.store(clock) as store:
            await store.set("a", b"old", ttl=TTL)
            await store.set("a", b"new", ttl=3 * TTL)
            await self.elapse(2 * TTL, clock)
            assert await store.get("a") == b"new"
            await store.set("a", b"short", ttl=TTL)
            await self.elapse(TTL + 1, clock)
            assert await store.get("a") is None

    @in_event_loop
    async def test_a_session_ends_when_its_time_is_over(self) -> None:
        clock = MovableClock()
        async with self.store(clock) as store:
            await store.set("a", b"ada", ttl=TTL)
            await store.set("b", b"jane", ttl=3 * TTL)
            await self.elapse(TTL - 5, clock)
            assert await store.get("a") == b"ada"
            await self.elapse(10, clock)
            assert await store.get("a") is None
            assert await store.get("b") == b"jane"

    @in_event_loop
    async def test_reading_a_session_does_not_lengthen_its_time(self) -> None:
        clock = MovableClock()
        async with self.store(clock) as store:
            await store.set("a", b"ada", ttl=TTL)
            await self.elapse(TTL - 5, clock)
            await store.get("a")
            await self.elapse(10, clock)
            assert await store.get("a") is None

    @in_event_loop
    async def test_a_cleared_session_is_gone_and_no_other(self) -> None:
        async with self.store(MovableClock()) as store:
            await store.set("a", b"ada", ttl=TTL)
            await store.set("b", b"jane", ttl=TTL)
            assert await store.clear("a")
            assert await store.get("a") is None
            assert await store.get("b") == b"jane"

    @in_event_loop
    async def test_clearing_a_session_that_there_is_not_changes_nothing(self) -> None:
        async with self.store(MovableClock()) as store:
            assert not await store.clear("a")
            await store.set("a", b"ada", ttl=TTL)
            assert not await store.clear("b")
            assert await store.get("a") == b"ada"

    @in_event_loop
    async def test_of_several_who_clear_a_session_one_is_told_that_there_was_one(self) -> None:
        clock = MovableClock()
        async with self.store(clock) as store:
            await store.set("a", b"ada", ttl=TTL)
            told = await asyncio.gather(*(store.clear("a") for _ in range(5)))
            assert sorted(told) == [False] * 4 + [True]
            await store.set("a", b"ada", ttl=TTL)
            await self.elapse(TTL + 1, clock)
            assert not await store.clear("a")

    @in_event_loop
    async def test_a_session_is_kept_for_another_time(self) -> None:
        clock = MovableClock()
        async with self.store(clock) as store:
            await store.set("a", b"ada", ttl=TTL)
            assert await store.extend("a", ttl=3 * TTL)
            await self.elapse(2 * TTL, clock)
            assert await store.get("a") == b"ada"
            assert await store.extend("a", ttl=TTL / 2)
            await self.elapse(TTL / 2 + 1, clock)
            assert await store.get("a") is None
            await store.set("a", b"ada", ttl=TTL)
            for _ in range(2):
                assert await store.extend("a", ttl=float("inf"))
            await self.elapse(9 * TTL, clock)
            assert await store.get("a") == b"ada"

    @in_event_loop
    async def test_a_session_that_is_over_or_cleared_is_not_kept_again(self) -> None:
        clock = MovableClock()
        async with self.store(clock) as store:
            await store.set("a", b"ada", ttl=TTL)
            await store.set("b", b"jane", ttl=TTL)
            await store.clear("b")
            await self.elapse(TTL + 1, clock)
            for key in "abc":
                assert not await store.extend(key, ttl=TTL)
                assert await store.get(key) is None

    @in_event_loop
    async def test_a_time_that_is_none_is_refused_and_nothing_changes(self) -> None:
        async with self.store(MovableClock()) as store:
            await store.set("a", b"ada", ttl=TTL)
            for ttl in (0.0, -1.0, float("nan")):
                for keep in (store.set("a", b"other", ttl=ttl), store.extend("a", ttl=ttl)):
                    try:
                        await keep
                    except ValueError:
                        continue
                    raise AssertionError(f"A session was kept for {ttl} seconds.")
            assert await store.get("a") == b"ada"
