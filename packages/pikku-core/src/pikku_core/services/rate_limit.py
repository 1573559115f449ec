"""How much may be taken within a time, and what was left of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}

TEXT: Final = re.compile(r"([1-9][0-9]{0,8})/(?:([1-9][0-9]{0,4}) )?(second|minute|hour|day)s?")


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """At most so much within a time, wherever that time begins.

    >>> RateLimit.parse("100/minute")
    RateLimit(limit=100, window=60)
    >>> RateLimit.parse("5/10 seconds")
    RateLimit(limit=5, window=10)

    Attributes:
        limit: How much; a call takes 1 of it, or what it costs.
        window: The time, in seconds.

    Raises:
        ValueError: One of them is less than 1.
    """

    limit: int
    window: int

    def __post_init__(self) -> None:
        if self.limit < 1 or self.window < 1:
            raise ValueError(
                f"The limit of {self.limit} in {self.window} seconds is none: both are 1 at least."
            )

    @classmethod
    def parse(cls, text: str) -> RateLimit:
        """A limit from its text: `100/minute`, `5/10 seconds`; of seconds, minutes, hours and days.

        Raises:
            ValueError: The text is none.
        """
        found = TEXT.fullmatch(text)
        if found is None:
            raise ValueError(
                f'The limit "{text}" is none: write "100/minute" or "5/10 seconds", of seconds, minutes, hours or days.'
            )
        limit, count, unit = found.groups()
        return cls(limit=int(limit), window=int(count or 1) * SECONDS[unit])


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitState:
    """What a `RateLimitStore` answers.

    Attributes:
        allowed: Whether what was asked for was taken.
        remaining: How much can still be taken at once.
        reset_after: The seconds until that grows.
        retry_after: The seconds until as much can be taken as was asked for; 0 where it was taken.
    """

    allowed: bool
    remaining: int
    reset_after: float
    retry_after: float = 0.0
