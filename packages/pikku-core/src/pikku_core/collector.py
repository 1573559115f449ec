"""The garbage collector, while much is made that is kept."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def collector_off() -> Generator[None]:
    """Turns the collector off: looking for garbage among what is kept to the end costs a third of the time.

    What was made meanwhile counts as old afterwards, so that the collector does not look through all of it as soon as it
    is back.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            # Frozen and thawed, objects are old. Thawing takes all there are, so nobody else may have frozen any.
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
