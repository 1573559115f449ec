"""How what is logged is written."""

from __future__ import annotations

from enum import StrEnum


class LogFormat(StrEnum):
    """The form of log records on standard error."""

    TEXT = "text"
    JSON = "json"
