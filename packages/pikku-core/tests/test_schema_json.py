"""What is read as JSON is what the JSON Schema of the type says; no infinity gets in through a large number."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum
from ipaddress import IPv4Address
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model
from typing_extensions import TypeAliasType, TypedDict

from pikku_core import InvalidDataError
from pikku_core.schema import codec_for


class Amount(BaseModel):
    n: float


@dataclass
class Weight:
    n: float


class Length(TypedDict):
    n: float


class Basket(BaseModel):
    n: list[Amount | None]


class Tree(BaseModel):
    n: float = 0
    inner: Tree | None = None


class Fields(BaseModel):
    """Its fields are called what core schemas call their own parts."""

    n: float
    type: float = 1
    metadata: float = 2
    default: float = 3


class Unbounded(BaseModel):
    model_config = ConfigDict(allow_inf_nan=True)

    n: float


Count = TypeAliasType("Count", Annotated[int, Field(ge=0)])

HUGE = ["1e999", "-1e999", "1" * 400, "1" * 400 + ".0"]


def codes(type_: Any, text: str) -> list[str]:
    with pytest.raises(InvalidDataError) as caught:
        codec_for(type_).read_json(text.encode())
    return [each.code for each in caught.value.details]


@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize("type_", [Amount, Weight, Length, Tree, Fields, dict[str, float]])
def test_a_number_too_large_for_a_float_is_refused(type_: Any, number: str) -> None:
    assert codes(type_, f'{{"n": {number}}}') == ["finite_number"]


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (float, "1e999"),
        (list[float], "[1, 1e999]"),
        (Basket, '{"n": [null, {"n": 1e999}]}'),
        (Tree, '{"inner": {"inner": {"n": 1e999}}}'),
        (Fields, '{"n": 1, "type": 1e999}'),
        (Fields, '{"n": 1, "metadata": 1e999}'),
        (Fields, '{"n": 1, "default": 1e999}'),
    ],
)
def test_wherever_it_stands(type_: Any, text: str) -> None:
    assert "finite_number" in codes(type_, text)


@pytest.mark.parametrize("type_", [Amount, Weight, Length])
def test_so_is_a_body_that_is_merged_with_other_sources(type_: Any) -> None:
    read = codec_for(type_).mapping_reader(text=frozenset(), json=True)
    with pytest.raises(InvalidDataError):
        read({"n": float("inf")})


def test_text_that_means_infinity_is_refused() -> None:
    read = codec_for(Amount).mapping_reader(text=frozenset({"n"}), json=False)
    with pytest.raises(InvalidDataError):
        read({"n": "inf"})


@pytest.mark.parametrize("type_", [Unbounded, Annotated[float, Field(allow_inf_nan=True)]])
def test_a_type_may_allow_it(type_: Any) -> None:
    text = b'{"n": 1e999}' if type_ is Unbounded else b"1e999"
    assert "inf" in repr(codec_for(type_).read_json(text))


def test_what_is_read_is_an_instance_like_any_other() -> None:
    codec = codec_for(Tree)
    tree = codec.read_json(b'{"n": 1, "inner": {"n": 2.5}}')
    assert tree == Tree(n=1, inner=Tree(n=2.5))
    assert codec.check_result(tree) is tree


class Level(IntEnum):
    LOW = 1


CONVERTED: list[tuple[Any, list[str]]] = [
    (bool, ["0", "1", "1.0", '"true"', '"1"']),
    (int, ['"1"', "true", "1.5", '"1.0"']),
    (float, ['"1.5"', "true"]),
    (date, ["0", "1577836800", '"2020-01-01T00:00:00"']),
    (datetime, ["0", "1.5", '"2020-01-01"', '"2020-01-01_00:00:00Z"']),
    (time, ["0", "1.5"]),
    (timedelta, ["0", "1.5"]),
    (Level, ['"1"']),
    (IPv4Address, ["1", "true"]),
    (list[int], ['["1"]', '"1"', '{"a": 1}']),
    (int | None, ['"1"', "false"]),
    (dict[str, bool], ['{"a": 1}']),
    (Literal[1], ['"1"']),
]


@pytest.mark.parametrize(("type_", "texts"), CONVERTED)
def test_a_json_value_of_another_type_is_refused(type_: Any, texts: list[str]) -> None:
    held: Any = create_model("Held", value=(type_, ...))
    for text in texts:
        codes(type_, text)
        codes(held, f'{{"value": {text}}}')
        read = codec_for(held).mapping_reader(text=frozenset({"other"}), json=True)
        with pytest.raises(InvalidDataError):
            read(json.loads(f'{{"value": {text}}}'))


SAME: list[tuple[Any, str, Any]] = [
    (int, "1", 1),
    (int, "1.0", 1),
    (int, "1e3", 1000),
    (list[int], "[1, 2.0]", [1, 2]),
    (int | str, "2.0", 2),
    (int | float, "1.0", 1.0),
    (float, "1", 1.0),
    (float | None, "null", None),
    (bool, "true", True),
    (date, '"2020-01-01"', date(2020, 1, 1)),
    (datetime, '"2020-01-01T00:00:00Z"', datetime.fromisoformat("2020-01-01T00:00:00+00:00")),
    (timedelta, '"PT1M"', timedelta(minutes=1)),
    (Decimal, '"1.10"', Decimal("1.10")),
    (Decimal, "1.5", Decimal("1.5")),
    (Level, "1", Level.LOW),
    (UUID, '"00000000-0000-0000-0000-000000000001"', UUID(int=1)),
    (IPv4Address, '"127.0.0.1"', IPv4Address("127.0.0.1")),
    (set[int], "[1, 1]", {1}),
    (tuple[int, str], '[1, "a"]', (1, "a")),
    (dict[int, bool], '{"1": true}', {1: True}),
    (dict[date, float], '{"2020-01-01": 1}', {date(2020, 1, 1): 1.0}),
    (bytes, '"a"', b"a"),
]


@pytest.mark.parametrize(("type_", "text", "value"), SAME)
def test_what_the_schema_says_is_read(type_: Any, text: str, value: Any) -> None:
    held: Any = create_model("Held", value=(type_, ...), count=(int, ...))
    assert codec_for(type_).read_json(text.encode()) == value
    beside = codec_for(held).mapping_reader(text=frozenset({"count"}), json=True)
    found = beside({"value": json.loads(text), "count": "7"})
    assert (found.value, found.count) == (value, 7)


def test_a_type_may_take_more_than_that() -> None:
    class Lenient(BaseModel):
        n: Annotated[int, Field(strict=False)]
        m: bool = False

    class Whole(BaseModel):
        model_config = ConfigDict(strict=False)
        n: int

    class Own(BaseModel):
        n: Annotated[int, BeforeValidator(int)]

    assert codec_for(Lenient).read_json(b'{"n": "1"}').n == 1
    assert codes(Lenient, '{"n": "1", "m": 1}') == ["bool_type"]
    assert codec_for(Whole).read_json(b'{"n": "1"}').n == 1
    assert codec_for(Own).read_json(b'{"n": "1"}').n == 1


def test_text_is_read_as_ever_beside_a_body_that_is_strict() -> None:
    class Held(BaseModel):
        day: date
        number: int
        count: int
        level: Level = Level.LOW

    read = codec_for(Held).mapping_reader(text=frozenset({"day", "number", "level"}), json=True)
    found = read({"day": "2020-01-01", "number": "5", "level": "1", "count": 2})
    assert found == Held(day=date(2020, 1, 1), number=5, count=2)
    with pytest.raises(InvalidDataError) as caught:
        read({"day": "2020-01-01", "number": "5", "count": "2"})
    assert [fault.location for fault in caught.value.details] == [("count",)]


def test_text_is_read_where_its_type_is_shared_with_the_body() -> None:
    class Held(BaseModel):
        one: Count
        two: Count

    read = codec_for(Held).mapping_reader(text=frozenset({"one"}), json=True)
    assert read({"one": "5", "two": 6}) == Held(one=5, two=6)
    with pytest.raises(InvalidDataError):
        read({"one": "5", "two": "6"})


def test_a_number_is_an_integer_beside_one_that_is_none() -> None:
    class Held(BaseModel):
        n: int
        x: float
        anything: Any = None

    found = codec_for(Held).read_json(b'{"n": 1.0, "x": 2.0, "anything": [3.0, 1.5]}')
    assert (found.n, found.x, found.anything) == (1, 2.0, [3, 1.5])
    assert [type(one) for one in found.anything] == [float, float]
    assert codes(Held, '{"n": 1.0, "x": "a"}') == ["float_type"]
    assert codes(Held, '{"n": 1.0, "x": 1e999}') == ["finite_number"]
    assert codes(Held, '{"n": 1.0, "n": 1.5, "x": 1}') == ["int_type"]


class Whole(BaseModel):
    n: int
    inner: list[Whole | str] = []


@pytest.mark.parametrize("number", ["9007199254740993.0", "9007199254740992.0", "1e23", "-1e16"])
def test_a_number_that_may_not_be_the_one_that_was_sent_is_no_integer(number: str) -> None:
    assert codes(Whole, f'{{"n": {number}}}') == ["int_type"]
    read = codec_for(Whole).mapping_reader(text=frozenset(), json=True)
    with pytest.raises(InvalidDataError):
        read(json.loads(f'{{"n": {number}}}'))


def test_an_integer_is_read_at_whatever_place_it_stands() -> None:
    text = b'{"n": 9007199254740991.0, "inner": ["a", {"n": -2e3, "inner": [{"n": 3.0}]}]}'
    inner = Whole(n=-2000, inner=[Whole(n=3)])
    assert codec_for(Whole).read_json(text) == Whole(n=2**53 - 1, inner=["a", inner])
