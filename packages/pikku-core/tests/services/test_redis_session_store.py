"""The store in Redis: what every store does, and what is its own."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from redis.asyncio import Redis

from pikku_core.services import RedisSessionStore
from pikku_core.testing.conformance import SessionStoreConformance

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pikku_core.services import SessionStore
    from pikku_core.testing import MovableClock

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def connect(url: str, **options: Any) -> Any:
    """A client; the library's own types are not complete."""
    return Redis.from_url(url, **options)  # pyright: ignore[reportUnknownMemberType] -- see above


class TestRedisSessionStore(SessionStoreConformance):
    url = ""

    @pytest.fixture(autouse=True)
    def server(self, redis_url: str) -> None:
        self.url = redis_url

    @asynccontextmanager
    async def store(self, clock: MovableClock) -> AsyncGenerator[SessionStore]:  # noqa: ARG002 -- the server has its own
        async with connect(self.url) as client:
            await client.flushdb()
            yield RedisSessionStore(client)

    async def elapse(self, seconds: float, clock: MovableClock) -> None:  # noqa: ARG002 -- the server has its own
        """The server has the clock of the machine: what is left of every time is shortened instead."""
        async with connect(self.url) as client:
            async for key in client.scan_iter():
                left = await client.pttl(key)
                if left >= 0:
                    await client.pexpire(key, left - int(seconds * 1000))


async def test_two_stores_of_one_server_are_told_apart_by_their_prefixes(redis_url: str) -> None:
    async with connect(redis_url) as client:
        shop, blog = (RedisSessionStore(client, prefix=prefix) for prefix in ("shop:", "blog:"))
        await shop.set("a", b"ada", ttl=60)
        assert (await shop.get("a"), await blog.get("a")) == (b"ada", None)
        await blog.clear("a")
        assert await shop.get("a") == b"ada"


async def test_a_time_shorter_than_a_millisecond_is_one(redis_url: str) -> None:
    async with connect(redis_url) as client:
        await RedisSessionStore(client).set("short", b"ada", ttl=0.0000001)
        assert await client.pttl("session:short") <= 1


async def test_a_session_may_be_kept_for_ever(redis_url: str) -> None:
    async with connect(redis_url) as client:
        await RedisSessionStore(client).set("a", b"ada", ttl=float("inf"))
        assert await client.pttl("session:a") == -1


async def test_a_client_that_decodes_is_refused(redis_url: str) -> None:
    async with connect(redis_url, decode_responses=True) as client:
        store = RedisSessionStore(client)
        await store.set("a", b"ada", ttl=60)
        with pytest.raises(TypeError, match='without "decode_responses"'):
            await store.get("a")
