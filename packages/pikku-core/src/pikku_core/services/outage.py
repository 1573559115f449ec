"""A server that a service depends on is away: the log says so once, every caller is told to come back."""

from __future__ import annotations

import logging
from typing import Final

from pikku_core.errors import ServiceUnavailableError

RETRY_AFTER: Final = 5
"""Seconds after which callers are told to come back."""

log: Final = logging.getLogger("pikku.services")


class Outage:
    """Whether something answers.

    Args:
        what: What it is, at the beginning of a sentence.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._lasts = False

    def met(self, error: Exception) -> ServiceUnavailableError:
        """The error of a caller who met with an outage; the first one is logged."""
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        if not self._lasts:
            self._lasts = True
            log.error("%s cannot be reached (%s).", self._what, reason, exc_info=error)
        return ServiceUnavailableError(
            f"{self._what} cannot be reached ({type(error).__name__}).",
            retry_after=RETRY_AFTER,
            is_logged=True,
        )

    def over(self) -> None:
        """Says that it answers; where it did not before, that is logged."""
        if self._lasts:
            self._lasts = False
            log.warning("%s answers again.", self._what)
