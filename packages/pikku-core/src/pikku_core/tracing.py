"""The trace id of what runs now, for who is not given a wire: log records above all."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import Final

trace_id: Final[ContextVar[str]] = ContextVar("pikku_trace_id", default="")
"""Set by transports that are asked to; empty outside an invocation, and where nobody asks."""


class TraceFilter(logging.Filter):
    """Gives each log record the attribute `trace_id`: that of the invocation which logs, else empty text.

    `pikku serve` and `pikku dev` have it already. A project that sets up logging by itself adds it to its handlers:

    ```python
    handler = logging.StreamHandler()
    handler.addFilter(TraceFilter())
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s [%(trace_id)s]"))
    ```
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record through; one that has a trace id keeps it."""
        if not hasattr(record, "trace_id"):
            record.trace_id = trace_id.get()
        return True
