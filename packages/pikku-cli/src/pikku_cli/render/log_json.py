"""Log records as JSON, one object a line, for programs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

OWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"asctime", "message", "taskName"}
"""What every record has; all else was given by `extra`."""


class JsonFormatter(logging.Formatter):
    """Formats a record as an object of JSON in ASCII.

    `timestamp` (UTC, RFC 3339), `level`, `logger`, `message`; `trace_id` inside an invocation; of an exception
    `exception.type`, `exception.message` and `exception.stacktrace`; all that was given by `extra`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The object, in one line."""
        told: dict[str, Any] = {
            "timestamp": timestamp(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name, value in vars(record).items():
            if name not in OWN and not (name == "trace_id" and not value):
                told.setdefault(name, value)
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            told["exception.type"] = type(error).__qualname__
            told["exception.message"] = str(error)
            told["exception.stacktrace"] = self.formatException(record.exc_info)
        if record.stack_info:
            told["code.stacktrace"] = record.stack_info
        return written(told)


def timestamp(seconds: float) -> str:
    """A moment as RFC 3339 spells it, in UTC: `2026-01-31T12:00:00.250Z`."""
    moment = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return moment.replace("+00:00", "Z")


def written(told: dict[str, Any]) -> str:
    """An object of JSON; what is no JSON is told as `repr` does."""
    try:
        return json.dumps(told, default=repr, allow_nan=False)
    except (TypeError, ValueError, RecursionError):  # keys that are no text, NaN, a circle
        plain = {
            name: value if value is None or type(value) in {bool, int, str} else repr(value)
            for name, value in told.items()
        }
        return json.dumps(plain)
