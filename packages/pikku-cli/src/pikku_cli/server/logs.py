"""What a process that runs a project logs, and how."""

from __future__ import annotations

import logging
import sys
from typing import Final

from pikku_cli.render.folded import FoldingFormatter
from pikku_cli.server.levels import LogLevel

FORM: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_to_stderr(level: str, *, fold: bool = False) -> None:
    """Shows what functions and transports log, unless the project has set up logging itself.

    Args:
        fold: Whether tracebacks leave out what the reader did not write; those of level `debug` are always whole.
    """
    handler = logging.StreamHandler(sys.stderr)
    folding = fold and level != LogLevel.DEBUG
    handler.setFormatter(FoldingFormatter(FORM) if folding else logging.Formatter(FORM))
    logging.basicConfig(level=level.upper(), handlers=[handler])
