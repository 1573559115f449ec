"""Text as values: paths, queries and forms, alone and beside a body."""

from __future__ import annotations

import dataclasses
import enum
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from typing_extensions import TypedDict

from pikku_core import FieldError, InvalidDataError
from pikku_core.schema import codec_for


class Member(TypedDict):
    name: str


@dataclasses.dataclass
class Point:
    x: int
    y: int = 0


class Aliased(BaseModel):
    model_config = ConfigDict(extra="forbid")

    user_id: int = Field(alias="userId")
    kind: str = Field("a", validation_alias=AliasChoices("type", "sort"))


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Colour(enum.Enum):
    RED = "red"
    ONE = 1


def details(call: Any, *arguments: Any) -> tuple[FieldError, ...]:
    with pytest.raises(InvalidDataError) as caught:
        call(*arguments)
    return caught.value.details


class Lax(BaseModel):
    number: int = 0
    ratio: float = 0
    flag: bool = False
    level: Level = Level.LOW
    colour: Colour = Colour.RED
    choice: Literal[1, 2] = 1
    mixed: Literal["1", 1, True] = "1"
    day: date | None = None
    amount: Decimal = Decimal(0)
    maybe: int | None = None
    either: int | str = 0
    numbers: list[int] = []
    words: set[str] = set()
    pair: tuple[int, ...] = ()
    fixed: tuple[int, str] = (0, "")
    text: str = ""


class Strict(Lax):
    model_config = ConfigDict(strict=True)


TEXTS: list[tuple[str, str | list[str], object]] = [
    ("number", "5", 5),
    ("number", "-5", -5),
    ("ratio", "1.5", 1.5),
    ("flag", "true", True),
    ("flag", "off", False),
    ("level", "2", Level.HIGH),
    ("colour", "red", Colour.RED),
    ("colour", "1", Colour.ONE),
    ("choice", "2", 2),
    ("mixed", "1", "1"),
    ("mixed", "true", True),
    ("day", "2026-11-21", date(2026, 11, 21)),
    ("amount", "1.10", Decimal("1.10")),
    ("maybe", "4", 4),
    ("either", "5", "5"),
    ("numbers", "1", [1]),
    ("numbers", ["1", "2"], [1, 2]),
    ("words", ["b"], {"b"}),
    ("pair", ["1", "2"], (1, 2)),
    ("text", "7", "7"),
]


@pytest.mark.parametrize("json", [False, True], ids=["alone", "beside a body"])
@pytest.mark.parametrize("model", [Lax, Strict])
@pytest.mark.parametrize(("field", "text", "value"), TEXTS, ids=str)
def test_text_is_converted_per_field(
    model: type[Lax], field: str, text: Any, value: object, json: bool
) -> None:
    read = codec_for(model).mapping_reader(text=frozenset({field}), json=json)
    found = getattr(read({field: text}), field)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("model", [Lax, Strict])
@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("number", "five"),
        ("number", "5" * 5000),
        ("number", ["5", "6"]),
        ("flag", "maybe"),
        ("ratio", "much"),
        ("level", "3"),
        ("choice", "3"),
        ("day", "yesterday"),
        ("numbers", ["1", "x"]),
        ("text", ["a", "b"]),
        ("maybe", ""),
    ],
    ids=lambda value: str(value)[:10],
)
def test_text_that_stands_for_no_value_is_an_error_of_that_field(
    model: type[Lax], field: str, text: Any
) -> None:
    read = codec_for(model).mapping_reader(text=frozenset({field}), json=False)
    assert details(read, {field: text})[0].location[0] == field


@pytest.mark.parametrize("value", ["5", 5.5, True])
def test_what_came_as_json_is_not_converted_in_a_strict_model(value: object) -> None:
    read = codec_for(Strict).mapping_reader(text=frozenset({"text"}), json=True)
    assert read({"text": "x", "number": 5}).number == 5
    assert details(read, {"text": "x", "number": value})[0].location == ("number",)


def test_a_strict_model_takes_json_beside_text() -> None:
    read = codec_for(Strict).mapping_reader(text=frozenset({"number"}), json=True)
    found = read({"number": "5", "day": "2026-11-21", "amount": "1.10", "level": 2})
    assert (found.number, found.day, found.level) == (5, date(2026, 11, 21), Level.HIGH)


def test_a_name_given_as_text_stands_for_the_alias() -> None:
    read = codec_for(Aliased).mapping_reader(text=frozenset({"user_id"}), json=True)
    assert read({"user_id": "5", "type": "b"}) == Aliased.model_validate({"userId": 5, "type": "b"})


def test_a_name_in_json_does_not_stand_for_the_alias() -> None:
    read = codec_for(Aliased).mapping_reader(text=frozenset({"type"}), json=True)
    codes = {each.code for each in details(read, {"type": "b", "user_id": 5})}
    assert codes == {"missing", "extra_forbidden"}


def test_forbidden_extras_stay_forbidden() -> None:
    read = codec_for(Aliased).mapping_reader(text=frozenset({"userId", "other"}), json=False)
    assert details(read, {"userId": "5", "other": "x"})[0].location == ("other",)


def test_a_validator_of_the_field_sees_the_text_itself_and_runs_once() -> None:
    seen: list[Any] = []

    def split(value: Any) -> Any:
        seen.append(value)
        return value.split(",")

    class Query(BaseModel):
        numbers: Annotated[list[int], BeforeValidator(split)]
        plus: Annotated[int, AfterValidator(lambda value: value + 1)]

    keys = frozenset({"numbers", "plus"})
    found = codec_for(Query).mapping_reader(text=keys, json=False)({"numbers": "1,2", "plus": "3"})
    assert (found.numbers, found.plus, seen) == ([1, 2], 4, ["1,2"])


def test_dataclasses_and_typed_dicts_are_read_too() -> None:
    keys = frozenset({"x", "name"})
    assert codec_for(Point).mapping_reader(text=keys, json=True)({"x": "1", "y": 2}) == Point(1, 2)
    read = codec_for(Member).mapping_reader(text=keys, json=False)
    assert read({"name": "ada"}) == {"name": "ada"}


@given(
    number=st.integers(-(10**20), 10**20),
    flag=st.booleans(),
    words=st.sets(st.text(st.characters(exclude_categories=["Cs"]))),
    numbers=st.lists(st.integers()),
)
def test_the_text_of_a_value_is_read_as_the_value(
    number: int, flag: bool, words: set[str], numbers: list[int]
) -> None:
    texts = {
        "number": str(number),
        "flag": str(flag),
        "words": list(words),
        "numbers": [str(each) for each in numbers],
    }
    for codec in LAX_AND_STRICT:
        found = codec.mapping_reader(text=frozenset(texts), json=False)(dict(texts))
        assert (found.number, found.flag) == (number, flag)
        assert (found.words, found.numbers) == (words, numbers)


LAX_AND_STRICT = (codec_for(Lax), codec_for(Strict))


def test_a_name_that_is_the_alias_of_another_field_is_that_alias() -> None:
    class Crossed(BaseModel):
        user: int = Field(alias="id")
        id: Literal[1, 2] = Field(1, alias="choice")

    read = codec_for(Crossed).mapping_reader(text=frozenset({"id"}), json=False)
    found = read({"id": "7"})
    assert (found.user, found.id) == (7, 1)


def test_a_strict_field_is_found_under_any_name() -> None:
    class Odd(BaseModel):
        metadata: Annotated[int, Field(strict=True)]
        default: Annotated[int, Field(strict=True)] = 0

    read = codec_for(Odd).mapping_reader(text=frozenset({"metadata", "default"}), json=False)
    assert read({"metadata": "1", "default": "2"}) == Odd(metadata=1, default=2)
