"""The kind `scheduler`: functions that are called at certain times."""

from __future__ import annotations

from typing import Final

QUEUE: Final = "pikku-schedules"
"""The internal queue whose jobs are firings and one-off calls."""
