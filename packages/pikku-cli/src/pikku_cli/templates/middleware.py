"""`pikku new middleware`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Naming

_MIDDLEWARE: Final = '''\
"""Middleware: how long each call takes."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from pikku_core import Logger, Next, pikku_middleware


@pikku_middleware
async def $snake(next: Next, *, logger: Logger) -> Any:
    """Logs how long a call takes, whatever becomes of it.

    `global_middleware([$snake])` beside the wirings puts it round everything,
    `middleware=[$snake]` round one function or wiring.
    """
    start = perf_counter()
    try:
        return await next()
    finally:
        logger.info("took %.1f ms", (perf_counter() - start) * 1000)
'''

_TEST: Final = """\
from __future__ import annotations

import logging

import pytest

from $package.middleware.$snake import $snake


async def test_it_logs_how_long_a_call_takes(caplog: pytest.LogCaptureFixture) -> None:
    async def answer() -> str:
        return "the answer"

    caplog.set_level(logging.INFO)
    assert await $snake(answer, logger=logging.getLogger()) == "the answer"
    assert caplog.messages[0].startswith("took ")
"""


def files(naming: Naming) -> Iterator[tuple[str, str]]:
    """Middleware that logs how long a call takes, and a test of it."""
    yield naming.fill("$folder/middleware/$snake.py"), naming.fill(_MIDDLEWARE)
    yield naming.fill("tests/test_middleware_$snake.py"), naming.fill(_TEST)
