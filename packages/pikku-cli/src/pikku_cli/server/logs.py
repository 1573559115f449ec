"""What a process that runs a project logs, and how."""

from __future__ import annotations

import logging
import sys

from pikku_cli.render.log_json import JsonFormatter
from pikku_cli.render.log_text import DevelopmentFormatter, TextFormatter
from pikku_cli.render.terminal import has_colour
from pikku_cli.server.levels import LogLevel
from pikku_cli.server.log_format import LogFormat
from pikku_core.tracing import TraceFilter


def log_to_stderr(level: str, form: str = LogFormat.TEXT, *, development: bool = False) -> None:
    """Shows what functions and transports log, unless the project has set up logging itself.

    Args:
        form: One of `LogFormat`.
        development: Whether who reads along wrote the program: as text, requests are short lines, and tracebacks leave
            out what the reader did not write; those of level `debug` are always whole.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(TraceFilter())
    handler.setFormatter(_formatter(form, development=development, fold=level != LogLevel.DEBUG))
    logging.basicConfig(level=level.upper(), handlers=[handler])


def _formatter(form: str, *, development: bool, fold: bool) -> logging.Formatter:
    if form == LogFormat.JSON:
        return JsonFormatter()
    if development:
        return DevelopmentFormatter(fold=fold, colour=has_colour(sys.stderr))
    return TextFormatter()
