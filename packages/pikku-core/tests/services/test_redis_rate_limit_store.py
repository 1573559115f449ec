"""The store in Redis: what every store does, and what is its own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from pikku_core import ServiceUnavailableError
from pikku_core.services import MemoryRateLimitStore, RateLimit, RedisRateLimitStore
from pikku_core.testing import MovableClock
from pikku_core.testing.conformance import RateLimitStoreConformance

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pikku_core.services import RateLimitStore

pytestmark = pytest.mark.anyio

MINUTE = RateLimit(limit=5, window=60)

TAKER = """
import asyncio
import json
import sys

from pikku_core.services import RateLimit, RedisRateLimitStore
from redis.asyncio import Redis


async def main() -> None:
    limit = RateLimit(limit=100, window=3600)
    async with Redis.from_url(sys.argv[1]) as client:
        store = RedisRateLimitStore(client, timeout=60)
        states = await asyncio.gather(*(store.take(sys.argv[2], limit) for _ in range(60)))
    print(json.dumps([state.allowed for state in states]))


asyncio.run(main())
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def connect(url: str, **options: Any) -> Any:
    """A client; the library's own types are not complete."""
    return Redis.from_url(url, **options)  # pyright: ignore[reportUnknownMemberType] -- see above


class TestRedisRateLimitStore(RateLimitStoreConformance):
    url = ""

    @pytest.fixture(autouse=True)
    def server(self, redis_url: str) -> None:
        self.url = redis_url

    @asynccontextmanager
    async def store(self, clock: MovableClock) -> AsyncGenerator[RateLimitStore]:
        async with connect(self.url) as client:
            await client.flushdb()
            yield RedisRateLimitStore(client, clock=clock, timeout=60)


async def test_it_answers_what_the_store_in_memory_answers(redis_url: str) -> None:
    clock = MovableClock()
    async with connect(redis_url) as client:
        await client.flushdb()
        stores = (RedisRateLimitStore(client, clock=clock), MemoryRateLimitStore(clock=clock))
        for number in range(200):
            clock.move(number * 7 % 11)
            counted, kept = [await each.take("a", MINUTE, 1 + number % 3) for each in stores]
            assert counted.remaining == kept.remaining
            assert counted.reset_after == pytest.approx(kept.reset_after)
            assert counted.retry_after == pytest.approx(kept.retry_after)


def test_several_processes_share_a_limit(redis_url: str) -> None:
    command = [sys.executable, "-c", TAKER, redis_url, str(uuid4())]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    printed = [process.communicate(timeout=60)[0] for process in processes]
    assert sum(sum(json.loads(each)) for each in printed) == 100


async def test_without_a_clock_the_time_is_that_of_the_server(redis_url: str) -> None:
    async with connect(redis_url) as client:
        await client.flushdb()
        store = RedisRateLimitStore(client)
        state = await store.take("a", MINUTE)
        assert (state.remaining, state.reset_after) == (4, 60)
        assert (await store.take("a", MINUTE)).reset_after < 60


async def test_a_key_is_forgotten_when_its_window_is_over(redis_url: str) -> None:
    async with connect(redis_url) as client:
        await client.flushdb()
        await RedisRateLimitStore(client, prefix="shop:").take("a", MINUTE)
        assert await client.keys() == [b"shop:a"]
        assert 59_000 < await client.pttl("shop:a") <= 60_000


async def test_a_clock_that_is_set_back_locks_nobody_out_for_longer_than_the_window(
    redis_url: str,
) -> None:
    later, clock = (MovableClock(datetime(year, 1, 1, tzinfo=UTC)) for year in (2031, 2030))
    async with connect(redis_url) as client:
        await client.flushdb()
        await RedisRateLimitStore(client, clock=later).take("a", MINUTE, 5)
        store = RedisRateLimitStore(client, clock=clock)
        assert (await store.take("a", MINUTE)).retry_after == 60
        clock.move(60)
        assert not (await store.take("a", MINUTE)).allowed
        assert 0 < await client.pttl("rate-limit:a") <= 60_000


async def test_a_server_that_is_away_is_said_once_and_so_is_its_return(
    redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with connect(redis_url) as client, connect("redis://127.0.0.1:1") as nowhere:
        await client.flushdb()
        clock = MovableClock()
        store = RedisRateLimitStore(nowhere, clock=clock, timeout=0.05)
        for _ in range(3):
            with pytest.raises(ServiceUnavailableError):
                await store.take("a", MINUTE)
            clock.move(1)
        store.__dict__["_run"] = RedisRateLimitStore(client).__dict__["_run"]
        for _ in range(3):
            await store.take("a", MINUTE)
    assert [record.message.partition(" (")[0] for record in caplog.records] == [
        "The rate limit store in Redis cannot be reached",
        "The rate limit store in Redis answers again.",
    ]


async def test_a_server_that_says_nothing_is_waited_for_as_long_as_the_timeout() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(f"redis://127.0.0.1:{port}") as client:
            with pytest.raises(ServiceUnavailableError):
                await RedisRateLimitStore(client, timeout=0.05).take("a", MINUTE)


async def test_a_server_that_is_away_is_asked_once_a_second(redis_url: str) -> None:
    asked, clock = list[str](), MovableClock()

    async def away(keys: list[str], arguments: object) -> list[int]:
        asked.extend(keys)
        raise OSError("away")

    async with connect(redis_url) as client:
        store = RedisRateLimitStore(client, clock=clock)
        store.__dict__["_run"] = away
        for _ in range(20):
            with pytest.raises(ServiceUnavailableError):
                await store.take("a", MINUTE)
            clock.move(0.1)
    assert len(asked) == 2


async def test_a_timeout_that_is_none_is_refused(redis_url: str) -> None:
    async with connect(redis_url) as client:
        with pytest.raises(ValueError, match='"timeout" is 0 seconds'):
            RedisRateLimitStore(client, timeout=0)
