"""SIGTERM and SIGINT as a request to stop."""

from __future__ import annotations

import asyncio
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_requests(stop: Callable[[], None]) -> Generator[None]:
    """Calls `stop` in the running event loop with each SIGTERM and SIGINT, instead of ending the process."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def from_any_thread(_number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(stop)

    for number in SIGNALS:
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows
            signal.signal(number, from_any_thread)
    try:
        yield
    finally:
        for number, handler in before.items():
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)
            signal.signal(number, handler)
