"""Async tests that need no plugin of pytest."""

from __future__ import annotations

import asyncio
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

S = TypeVar("S")
P = ParamSpec("P")

SECONDS: Final = 60.0
"""After this time a test fails: what it tests may wait for ever."""


def in_event_loop(
    test: Callable[Concatenate[S, P], Coroutine[object, object, None]],
) -> Callable[Concatenate[S, P], None]:
    """Makes an async method one that pytest runs: in an event loop of its own."""

    @wraps(test)
    def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(SECONDS):
                await test(self, *args, **kwargs)

        asyncio.run(bounded())

    return run
