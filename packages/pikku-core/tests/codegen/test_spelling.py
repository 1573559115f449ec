from __future__ import annotations

import ast
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core.plugin.expression import (
    Attribute,
    Call,
    Constant,
    Expression,
    Formatted,
    FString,
    Name,
    Shared,
    Subscript,
    TupleDisplay,
    Union,
)
from pikku_core.plugin.spelling import spell, spell_constant, type_key, walk


def local(name: Name | Shared) -> str:
    return name.attribute


@given(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.complex_numbers(allow_nan=False, allow_infinity=False),
        st.text(),
        st.binary(),
    )
)
def test_a_constant_reads_as_what_it_was(value: object) -> None:
    assert eval(spell_constant(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", '"plain"'),
        ("it's", '"it\'s"'),
        ('say "x"', "'say \"x\"'"),
        (b"bytes", 'b"bytes"'),
        (..., "..."),
        (-inf, "-1e999"),
        (-3j, "-3j"),
        (-1e999j, "-1e999j"),
    ],
)
def test_a_constant_is_written_as_ruff_would(value: object, text: str) -> None:
    assert spell_constant(value) == text


def test_an_integer_too_long_for_decimal_is_written_all_the_same() -> None:
    assert eval(spell_constant(-1 << 20000)) == -1 << 20000


@given(st.text(), st.text(max_size=5))
def test_an_fstring_gives_what_it_gave(text: str, value: str) -> None:
    parts = (
        Constant(text),
        Formatted(Constant(value), "r"),
        Formatted(Constant(7), "", Constant(">4")),
    )
    assert eval(spell(FString(parts), local)) == f"{text}{value!r}{7:>4}"


def test_an_fstring_of_names_stays_one() -> None:
    assert spell(FString((Constant("a "), Formatted(Name("app", "b"), "r"))), local) == 'f"a {b!r}"'


def test_an_fstring_with_quotes_inside_becomes_a_format_call() -> None:
    call = Call(Name("app", "b"), (Constant("x"),))
    expression = FString(
        (Constant("{a} "), Formatted(call, "", FString((Formatted(Name("app", "w")),))))
    )
    assert spell(expression, local) == '"{{a}} {:{}}".format(b("x"), w)'


@pytest.mark.parametrize(
    ("expression", "key"),
    [
        (Name("builtins", "int"), "int"),
        (Name("app.models", "User"), "app.models.User"),
        (
            Union(Subscript(Name("builtins", "list"), Name("app.models", "User")), Constant(None)),
            "list[app.models.User] | None",
        ),
        (
            Subscript(
                Name("builtins", "dict"), TupleDisplay((Name("builtins", "str"), Constant(...)))
            ),
            "dict[str, ...]",
        ),
        (Subscript(Name("typing", "Literal"), Constant("a")), 'typing.Literal["a"]'),
    ],
)
def test_a_type_has_a_key(expression: Expression, key: str) -> None:
    assert type_key(expression) == key


def test_an_operand_gets_its_brackets() -> None:
    expression = Attribute(Constant(1), "real")
    assert spell(expression, local) == "(1).real"
    assert eval(spell(expression, local)) == 1


def test_a_walk_can_leave_shared_values_closed() -> None:
    shared = Shared("app", "limiter", Call(Name("app", "limit"), (Constant(1),)))
    call = Call(Name("app", "wire"), (shared,))
    assert Constant(1) in list(walk(call))
    assert list(walk(call, into_shared=False)) == [call, Name("app", "wire"), shared]


def test_spelled_source_parses() -> None:
    call = Call(Name("a", "f"), (Constant(1),), ((None, Name("a", "g")), ("b", Constant(2))))
    assert ast.unparse(ast.parse(spell(call, local))) == "f(1, **g, b=2)"
