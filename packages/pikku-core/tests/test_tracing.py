"""The trace id in log records."""

from __future__ import annotations

import logging
from contextvars import copy_context

from pikku_core import TraceFilter
from pikku_core.tracing import trace_id


def filtered(**told: str) -> str:
    record = logging.makeLogRecord(told)
    assert TraceFilter().filter(record)
    return str(vars(record)["trace_id"])


def test_a_record_has_the_id_of_what_runs() -> None:
    def inside() -> str:
        trace_id.set("4bf9")
        return filtered()

    assert copy_context().run(inside) == "4bf9"
    assert filtered() == ""


def test_a_record_keeps_the_id_that_it_was_given() -> None:
    assert filtered(trace_id="mine") == "mine"
