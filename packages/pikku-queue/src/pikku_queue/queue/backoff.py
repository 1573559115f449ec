"""How long to wait before a job is tried again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeAlias, get_args

from pikku_core import DeclarationError
from pikku_core.duration import seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pikku_core.duration import Duration

Kind: TypeAlias = Literal["fixed", "linear", "exponential"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)

LONGEST: Final = 365 * 86_400.0
"""No wait is longer than a year, in seconds."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """The wait before each further attempt; what `fixed`, `linear` and `exponential` return.

    Attributes:
        kind: `fixed`: always `delay`; `linear`: `delay` more each time; `exponential`: twice as much each time.
        delay: The first wait, in seconds.
        limit: The longest, in seconds.
        jitter: Which part of a wait is left to chance, 0 to 1, so that jobs that failed together do not come back together:
            with 0.5 a wait of 10 s is 5 to 10.
    """

    kind: Kind = "exponential"
    delay: float = 1.0
    limit: float = 600.0
    jitter: float = 0.5

    def __post_init__(self) -> None:
        problem = backoff_problem(self.kind, self.delay, self.limit, self.jitter)
        if problem:
            raise DeclarationError(problem)

    def wait(self, failures: int, *, chance: Callable[[], float] = random.random) -> float:
        """Seconds until the next attempt.

        Args:
            failures: How many attempts have failed, 1 or more.
            chance: A number from 0 up to 1.
        """
        times = {
            "fixed": 1.0,
            "linear": float(failures),
            "exponential": 2.0 ** min(failures - 1, 64),  # beyond that any delay is over the limit
        }
        return min(self.delay * times[self.kind], self.limit) * (1 - self.jitter * chance())

    def to_json(self) -> dict[str, Any]:
        """As a message carries it."""
        return {"kind": self.kind, "delay": self.delay, "limit": self.limit, "jitter": self.jitter}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        return cls(row["kind"], row["delay"], row["limit"], row["jitter"])


def fixed(delay: Duration, *, jitter: float = 0.0) -> Backoff:
    """The same wait before each attempt."""
    return Backoff("fixed", _seconds(delay), LONGEST, jitter)


def linear(delay: Duration, *, limit: Duration = "1h", jitter: float = 0.5) -> Backoff:
    """One `delay` before the second attempt, two before the third, and so on, up to the limit."""
    return Backoff("linear", _seconds(delay), _seconds(limit), jitter)


def exponential(delay: Duration = "1s", *, limit: Duration = "10m", jitter: float = 0.5) -> Backoff:
    """`delay` before the second attempt, twice as much before each further one, up to the limit."""
    return Backoff("exponential", _seconds(delay), _seconds(limit), jitter)


def backoff_problem(kind: str, delay: float, limit: float, jitter: float) -> str:
    """What is wrong with a backoff, or nothing."""
    if kind not in KINDS:
        return f'The backoff "{kind}" is none of {", ".join(KINDS)}.'
    if not 0 <= delay <= LONGEST or not 0 <= limit <= LONGEST:
        return "The waits of a backoff are 0 seconds to a year."
    if not 0 <= jitter <= 1:
        return f"The jitter of a backoff is 0 to 1, and is {jitter}."
    return ""


def _seconds(duration: Duration) -> float:
    try:
        return seconds_of(duration)
    except ValueError as error:
        raise DeclarationError(str(error)) from None
