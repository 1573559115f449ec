from __future__ import annotations

import ast
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pikku_core.codegen.layout import WIDTH, assign, layout
from pikku_core.plugin.expression import (
    Call,
    Constant,
    Expression,
    ListDisplay,
    Name,
    Shared,
    Subscript,
    TupleDisplay,
)
from pikku_core.plugin.spelling import spell

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=20), inner),
    max_leaves=30,
)
WIRE = Name("linekit", "wire_line")


def local(name: Name | Shared) -> str:
    return name.attribute


def words(count: int) -> tuple[Constant, ...]:
    return tuple(Constant(f"word number {number}") for number in range(count))


@given(JSON)
def test_a_literal_reads_as_what_it_was(value: Any) -> None:
    namespace: dict[str, Any] = {}
    exec(assign("VALUE", value), namespace)
    assert namespace["VALUE"] == value


@given(JSON)
def test_only_what_cannot_be_broken_is_longer_than_a_line(value: Any) -> None:
    for line in assign("VALUE", value).splitlines():
        assert len(line) <= WIDTH or not any(pair in line.strip()[:-1] for pair in ("[1", "{1"))


def test_what_fits_stands_on_one_line() -> None:
    assert assign("NAMES", ["a", "b"]) == 'NAMES = ["a", "b"]'


def test_the_arguments_of_a_call_share_a_line_where_they_can() -> None:
    call = Call(WIRE, words(4))
    assert layout(call, local, indent="        ", prefix="return ").splitlines() == [
        "return wire_line(",
        '            "word number 0", "word number 1", "word number 2", "word number 3"',
        "        )",
    ]


def test_more_arguments_get_a_line_each() -> None:
    call = Call(WIRE, words(5), (("verb", Constant("a")),))
    assert layout(call, local).splitlines() == [
        "wire_line(",
        *(f'    "word number {number}",' for number in range(5)),
        '    verb="a",',
        ")",
    ]


def test_the_items_of_a_display_get_a_line_each() -> None:
    assert layout(ListDisplay(words(6)), local).splitlines() == [
        "[",
        *(f'    "word number {number}",' for number in range(6)),
        "]",
    ]


def test_a_tuple_of_one_keeps_its_comma() -> None:
    expression = TupleDisplay((Constant(1),))
    assert layout(expression, local) == "(1,)"


def test_what_is_broken_says_the_same() -> None:
    literal = Subscript(Name("typing", "Literal"), TupleDisplay(words(9)))
    expressions: list[Expression] = [
        Call(WIRE, (Call(WIRE, words(7)), ListDisplay(words(8)))),
        literal,
    ]
    for expression in expressions:
        broken, flat = layout(expression, local), spell(expression, local)
        assert "\n" in broken
        assert ast.dump(ast.parse(broken)) == ast.dump(ast.parse(flat))
