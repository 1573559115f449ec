"""Jobs as commands show them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pikku_queue.queue.record import JobRecord

HEADINGS: Final = ("Id", "Attempt", "Enqueued", "Data", "Error")
LONGEST: Final = 60
"""Characters of a cell of a table."""


def facts(record: JobRecord) -> dict[str, Any]:
    """A job for programs."""
    return {
        "id": record.id,
        "queue": record.queue,
        "status": record.status,
        "attempt": record.attempt,
        "attempts": record.attempts,
        "priority": record.priority,
        "data": _read(record.data),
        "progress": record.progress,
        "result": None if record.result is None else _read(record.result),
        "error": record.error,
        "code": record.code,
        "enqueued": moment(record.enqueued),
        "due": moment(record.due),
        "started": moment(record.started),
        "ended": moment(record.ended),
    }


def cells(record: JobRecord) -> list[str]:
    """A job in a row of a table."""
    error = f"{record.code}: {record.error}" if record.code else record.error
    return [
        record.id,
        f"{record.attempt} of {record.attempts}",
        moment(record.enqueued) or "",
        _short(record.data.decode(errors="replace")),
        _short(error),
    ]


def moment(seconds: float | None) -> str | None:
    """A moment as RFC 3339 has it, in UTC; None for none."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _read(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:  # What another program has sent may be anything.
        return data.decode(errors="replace")
