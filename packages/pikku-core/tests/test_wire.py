"""Wires: what an invocation knows of how it was called."""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from pikku_core import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class LineWire(Wire):
    __slots__ = ("line",)

    kind = "line"
    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"line": attrgetter("line")}

    def __init__(self, line: str = "") -> None:
        super().__init__("line:1", "greet")
        self.line = line

    def make_trace_id(self) -> str:
        return "given"


def test_a_wire_starts_without_a_session_and_at_no_depth() -> None:
    wire = Wire("queue:emails", "send")
    assert (wire.wiring, wire.function, wire.session, wire.depth) == (
        "queue:emails",
        "send",
        None,
        0,
    )


def test_a_trace_id_is_made_once() -> None:
    wire = Wire("a", "b")
    assert re.fullmatch(r"[0-9a-f]{32}", wire.trace_id)
    assert wire.trace_id == wire.trace_id
    assert wire.trace_id != Wire("a", "b").trace_id


def test_a_transport_may_bring_the_trace_id() -> None:
    assert LineWire().trace_id == "given"


def test_calls_made_by_a_call_carry_its_trace_id() -> None:
    outer = LineWire()
    inner = Wire("c", "c", origin=Wire("b", "b", origin=outer))
    assert (inner.trace_id, inner.depth) == ("given", 2)


def test_a_thing_comes_from_the_nearest_wire_that_gives_it() -> None:
    outer = LineWire("hello")
    inner = Wire("c", "c", origin=outer)
    assert inner.thing("line") == "hello"
    assert inner.thing("queue") is None
