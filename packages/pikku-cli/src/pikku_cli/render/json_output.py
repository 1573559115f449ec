"""What `--json` prints: one document on standard output, whatever comes of the command."""

from __future__ import annotations

import json
import sys
from codecs import lookup
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

_shown: ContextVar[bool] = ContextVar("_shown", default=False)


def show_json(document: Any, *, indent: int | None = 2) -> None:
    """Prints a document for programs; what JSON has no word for becomes text.

    Args:
        indent: None prints one line.
    """
    ascii_only = lookup(sys.stdout.encoding).name != "utf-8"
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only, default=str)
    _shown.set(True)
    typer.echo(text)


def begin_output() -> None:
    """Forgets what an earlier command of the process printed."""
    _shown.set(False)


def show_json_error(error: BaseException, arguments: Sequence[str]) -> None:
    """Prints why there is no document, where a command line asked for one that it was not given.

    It is `{"error": {"code": ..., "message": ...}}` on one line, so that it fits among those of `pikku watch` too.
    """
    if _shown.get() or not asks_for_json(arguments):
        return
    code = type(error.__cause__ or error).__name__
    show_json({"error": {"code": code, "message": str(error)}}, indent=None)


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether `--json` stands on a command line, even on one that cannot be read otherwise."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options
