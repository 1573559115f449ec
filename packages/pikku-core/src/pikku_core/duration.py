"""Lengths of time as people write them: `"30s"`, `"1h30m"`, `timedelta(minutes=5)`, seconds as a number."""

from __future__ import annotations

import re
from datetime import timedelta
from math import isfinite
from typing import Final, TypeAlias

Duration: TypeAlias = str | timedelta | float
"""`"250ms"`, `"30s"`, `"5m"`, `"1.5h"`, `"1d12h"`, `"2w"`; a `timedelta`; a number of seconds."""

UNITS: Final = {
    "ms": 0.001,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "d": 86_400.0,
    "w": 604_800.0,
}
PART: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d|w)")
WHOLE: Final = re.compile(rf"(?:{PART.pattern})+")


def seconds_of(duration: Duration) -> float:
    """A length of time in seconds.

    Raises:
        ValueError: It is not well-formed, negative, or not finite.
    """
    if isinstance(duration, timedelta):
        seconds = duration.total_seconds()
    elif isinstance(duration, str):
        if not WHOLE.fullmatch(duration):
            raise ValueError(
                f'The duration "{duration}" is not well-formed: write "30s", "5m", "1h30m"; '
                f"the units are {', '.join(UNITS)}."
            )
        seconds = sum(float(number) * UNITS[unit] for number, unit in PART.findall(duration))
    else:
        seconds = float(duration)
    if not (isfinite(seconds) and seconds >= 0):
        raise ValueError(f'The duration "{duration}" is none: it must be 0 or more.')
    return seconds
