"""Log records as text for people."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

import typer

from pikku_cli.render.folded import folded

if TYPE_CHECKING:
    from types import TracebackType

    ErrorInfo = (
        tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    )

FORM: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
CONTINUED: Final = "\n    "
"""What stands before the further lines of a message, so that none of them looks like a record."""

COLOURS: Final = {2: "green", 3: "cyan", 4: "yellow", 5: "red"}
"""By the first digit of a status."""

EVENTS: Final = {"added": "cyan", "done": "green", "retried": "yellow", "failed": "red"}
"""The colours of what becomes of jobs."""


class TextFormatter(logging.Formatter):
    """Formats a record as a line, with the trace id at its end unless the message tells it; a traceback follows.

    Args:
        fold: Whether tracebacks leave out what the reader did not write.
    """

    def __init__(self, *, fold: bool = False) -> None:
        super().__init__(FORM)
        self._fold = fold

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name that logging calls
        """The line of a record."""
        trace_id = getattr(record, "trace_id", "")
        if trace_id and trace_id not in record.message:
            record.message += f" [{trace_id}]"
        record.message = contained(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802 - the name that logging calls
        """The traceback, without its last line break."""
        error = ei[1]
        if not self._fold or error is None:
            return super().formatException(ei)
        return folded(error).rstrip("\n")


class DevelopmentFormatter(TextFormatter):
    """Formats records for who writes the program: requests and jobs as short lines, and no trace ids.

    Args:
        colour: Whether statuses, and what becomes of jobs, are coloured.
    """

    def __init__(self, *, fold: bool, colour: bool) -> None:
        super().__init__(fold=fold)
        self._colour = colour

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name that logging calls
        """The line of a record."""
        if "http.server.request.duration" in vars(record):
            return f"{self.formatTime(record, '%H:%M:%S')} {self._request(vars(record))}"
        record.message = contained(record.message)
        if "pikku.job.event" in vars(record):
            return f"{self.formatTime(record, '%H:%M:%S')} {self._job(record)}"
        return logging.Formatter.formatMessage(self, record)

    def _job(self, record: logging.LogRecord) -> str:
        event: str = vars(record)["pikku.job.event"]
        colour = EVENTS.get(event)
        if not self._colour or colour is None:
            return record.message
        return typer.style(event, fg=colour) + record.message.removeprefix(event)

    def _request(self, told: dict[str, Any]) -> str:
        status = told.get("http.response.status_code")
        shown = "---" if status is None else str(status)
        if self._colour:
            shown = typer.style(shown, fg=COLOURS.get((status or 500) // 100))
        query = f"?{told['url.query']}" if told.get("url.query") else ""
        outcome = told.get("pikku.outcome", "answered").replace("_", " ")
        ended = "" if outcome == "answered" else f", {outcome}"
        took = spelled(told["http.server.request.duration"])
        return f"{shown} {told['http.request.method']} {told['url.path']}{query} {took}{ended}"


def contained(text: str) -> str:
    """A message that stays within its record: its lines are indented, and what cannot be printed is escaped."""
    if text.isprintable():
        return text
    return CONTINUED.join(
        "".join(
            one
            if one.isprintable() or one == "\t"
            else one.encode("unicode_escape").decode("ascii")
            for one in line
        )
        for line in text.split("\n")
    )


def spelled(seconds: float) -> str:
    """A duration: `3.2 ms`, `1.5 s`."""
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"
