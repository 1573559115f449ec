"""SIGTERM and SIGINT as a request to stop."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import typer

from pikku_cli.exits import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def stop_or_exit(told: Callable[[], object], stop: Callable[[], object]) -> Callable[[], None]:
    """What a signal does: the first one stops in order, the next ends the process where it stands.

    Args:
        told: Whether one came already.
    """

    def on_signal() -> None:
        if told():
            typer.echo("Error: Stopped at once: what was being answered is cut off.", err=True)
            os._exit(ExitCode.FAILED)  # a thread of a sync function cannot be cancelled
        stop()

    return on_signal


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
