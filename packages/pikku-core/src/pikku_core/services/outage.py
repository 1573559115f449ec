"""A server that a service depends on is away: the log says so once, every caller is told to come back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from pikku_core.errors import ServiceUnavailableError
from pikku_core.services.clock import SystemClock

if TYPE_CHECKING:
    from pikku_core.services.clock import Clock

RETRY_AFTER: Final = 5
"""Seconds after which callers are told to come back."""

log: Final = logging.getLogger("pikku.services")


class Outage:
    """Whether something answers.

    Args:
        what: What it is, at the beginning of a sentence.
        pause: The seconds after an outage was met in which it need not be asked again.
        clock: By which they pass.
    """

    def __init__(self, what: str, *, pause: float = 0.0, clock: Clock | None = None) -> None:
        self._what = what
        self._pause = pause
        self._monotonic = (SystemClock() if clock is None else clock).monotonic
        self._asked_again = 0.0
        self._lasts = False

    def check(self) -> None:
        """Raises ServiceUnavailableError while there is no use in asking it."""
        if self._lasts and self._monotonic() < self._asked_again:
            raise self._refusal("")

    def met(self, error: Exception) -> ServiceUnavailableError:
        """The error of a caller who met with an outage; the first one is logged."""
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        self._asked_again = self._monotonic() + self._pause
        if not self._lasts:
            self._lasts = True
            log.error("%s cannot be reached (%s).", self._what, reason, exc_info=error)
        return self._refusal(f" ({type(error).__name__})")

    def over(self) -> None:
        """Says that it answers; where it did not before, that is logged."""
        if self._lasts:
            self._lasts = False
            log.warning("%s answers again.", self._what)

    def _refusal(self, reason: str) -> ServiceUnavailableError:
        return ServiceUnavailableError(
            f"{self._what} cannot be reached{reason}.", retry_after=RETRY_AFTER, is_logged=True
        )
