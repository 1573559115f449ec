"""Tracebacks without the frames that the reader did not write."""

from __future__ import annotations

from traceback import StackSummary, TracebackException, walk_tb
from typing import Any, cast

from pikku_core.runtime.origin import is_own


def folded(error: BaseException) -> str:
    """The traceback of an error with the project's own lines; whole where none of them took part.

    What caused the error, and the errors of a group, are treated alike.
    """
    report = TracebackException.from_exception(error)
    left_out = _fold(report, error)
    text = "".join(report.format())
    if left_out:
        lines = "line" if left_out == 1 else "lines"
        text += (
            f"({left_out} {lines} of installed packages left out; --log-level debug shows all)\n"
        )
    return text


def _fold(report: TracebackException, error: BaseException) -> int:
    """Leaves the frames of others out of a report and those it is chained to; says how many."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    own = [line for line, frame in zip(report.stack, frames, strict=False) if is_own(frame)]
    left_out = 0
    if own:
        left_out = len(report.stack) - len(own)
        report.stack = StackSummary.from_list(own)
    chained = [(report.__cause__, error.__cause__), (report.__context__, error.__context__)]
    if isinstance(error, BaseExceptionGroup):
        inner = cast("tuple[BaseException, ...]", cast("Any", error).exceptions)
        chained += zip(report.exceptions or (), inner, strict=False)
    for other, other_error in chained:
        if other is not None and other_error is not None:
            left_out += _fold(other, other_error)
    return left_out
