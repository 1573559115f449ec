"""A line that says what goes on while work takes long."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

from pikku_cli.render.terminal import is_terminal

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import TextIO

DELAY: Final = 1.0
"""Seconds of silence; work that is done by then is not spoken of."""

_ERASE: Final = "\r\x1b[K"


@contextmanager
def progress(doing: str, *, stream: TextIO | None = None, delay: float = DELAY) -> Generator[None]:
    """Shows `doing` and the seconds while the block runs, then takes the line away; on a terminal only.

    Args:
        stream: Default: standard error.
        delay: Seconds until the line appears.
    """
    shown_on = sys.stderr if stream is None else stream
    if not is_terminal(shown_on):
        yield
        return
    done = Event()
    line = Thread(target=_show, args=(doing, shown_on, delay, done), daemon=True)
    line.start()
    try:
        yield
    finally:
        done.set()
        line.join()


def _show(doing: str, stream: TextIO, delay: float, done: Event) -> None:
    started = monotonic()
    if done.wait(delay):
        return
    while True:
        stream.write(f"{_ERASE}{doing}: {monotonic() - started:.0f} s")
        stream.flush()
        if done.wait(1.0):
            stream.write(_ERASE)
            stream.flush()
            return
