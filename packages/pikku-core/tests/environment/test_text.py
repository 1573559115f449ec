"""The value that a text stands for, by type; and what an error may say of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    RootModel,
    SecretStr,
    field_validator,
)
from typing_extensions import TypedDict

from pikku_core import DeclarationError
from pikku_core.environment.text import MalformedError, check_default, text_reader


def read_text(text: str, of: Any, *, hidden: bool) -> Any:
    return text_reader(of, hidden=hidden)(text)


class Login(BaseModel):
    user: str
    password: str = Field(alias="pass")


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    port: int


@dataclass
class Point:
    x: int


class Base64Login(BaseModel):
    model_config = ConfigDict(val_json_bytes="base64")
    key: bytes


class Options(TypedDict):
    verbose: bool


class Colour(Enum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


class Words(RootModel[list[str]]):
    pass


class Name(RootModel[str]):
    pass


class Picky(BaseModel):
    key: str

    @field_validator("key")
    @classmethod
    def refuse(cls, value: str) -> str:
        raise ValueError(f"never {value}")


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (str, "5", "5"),
        (str, '{"a": 1}', '{"a": 1}'),
        (int, "5", 5),
        (float, "1.5", 1.5),
        (bool, "true", True),
        (bool, "0", False),
        (Decimal, "1.10", Decimal("1.10")),
        (timedelta, "PT5M", timedelta(minutes=5)),
        (Path, "/tmp", Path("/tmp")),
        (UUID, "c9bf9e57-1685-4c89-bafb-ff5af830be8a", UUID("c9bf9e57-1685-4c89-bafb-ff5af830be8a")),
        (Colour, "red", Colour.RED),
        (Level, "1", Level.LOW),
        (Literal[1, "a"], "1", 1),
        (Literal["dev", "live"], "live", "live"),
        (int | None, "5", 5),
        (str | None, "null", "null"),
        (int | str, "5", "5"),
        (Annotated[int, Field(gt=0)], "5", 5),
        (Annotated[int, Field(strict=True)], "6", 6),
        (Login, '{"user": "ada", "pass": "x"}', Login.model_validate({"user": "ada", "pass": "x"})),
        (Strict, '{"port": 1}', Strict(port=1)),
        (Point, '{"x": 1}', Point(1)),
        (Options, '{"verbose": true}', {"verbose": True}),
        (list[int], "[1, 2]", [1, 2]),
        (tuple[str, int], '["a", 1]', ("a", 1)),
        (dict[str, int], '{"a": 1}', {"a": 1}),
        (set[str] | None, '["a"]', {"a"}),
        (int | list[int], "5", 5),
        (int | list[int], " [5]", [5]),
        (str | list[str], '["a"]', '["a"]'),
        (Words, '["a"]', Words(["a"])),
        (Name, "ada", Name("ada")),
        (Any, "x", "x"),
    ],
)  # fmt: skip
def test_a_text_stands_for_a_value_of_its_type(of: Any, text: str, value: Any) -> None:
    found = read_text(text, of, hidden=False)
    assert found == value
    assert type(found) is type(value)


def test_types_that_hide_their_value_are_read() -> None:
    assert read_text("x", SecretStr, hidden=True).get_secret_value() == "x"
    assert str(read_text("https://a.test/b", HttpUrl, hidden=False)) == "https://a.test/b"


@pytest.mark.parametrize(
    ("of", "text", "message"),
    [
        (int, "many", "Input should be a valid integer"),
        (list[int], "1,2", "Invalid JSON"),
        (Login, "{}", '"user": Field required; "pass": Field required'),
        (Literal["dev", "live"], "test", "Input should be 'dev' or 'live'"),
        (Annotated[int, Field(gt=0)], "0", "Input should be greater than 0"),
    ],
)
def test_a_text_that_stands_for_none_is_malformed(of: Any, text: str, message: str) -> None:
    with pytest.raises(MalformedError, match=message):
        read_text(text, of, hidden=False)


@pytest.mark.parametrize(
    ("of", "text", "message"),
    [
        (int, "sk_live_1", "Input should be a valid integer"),
        (UUID, "sk_live_1", "Input should be a valid UUID"),
        (HttpUrl, "sk_live_1", "Input should be a valid URL"),
        (Colour, "sk_live_1", "Input should be 'red'"),
        (Login, "sk_live_1", "it is no JSON"),
        (Login, '{"user": ["sk_live_1"]}', '"user": Input should be a valid string; "pass": Field required'),
        (dict[str, int], '{"sk_live_1": "sk_live_1"}', "Input should be a valid integer"),
        (Picky, '{"key": "sk_live_1"}', '"key": it is refused by its type'),
        (Annotated[str, Field(max_length=3)], "sk_live_1", "String should have at most 3 characters"),
    ],
)  # fmt: skip
def test_of_a_secret_an_error_says_nothing(of: Any, text: str, message: str) -> None:
    with pytest.raises(MalformedError) as caught:
        read_text(text, of, hidden=True)
    assert str(caught.value) == message
    # What was validated hangs on pydantic's own error.
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def looked_up(key: str) -> str:
    return {"a": "b"}[key]


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (Annotated[str, AfterValidator(looked_up)], "sk_live_1"),
        (Base64Login, '{"key": "!sk_live_1"}'),
    ],
)
def test_what_a_validator_raises_is_no_more_than_a_refusal(of: Any, text: str) -> None:
    with pytest.raises(MalformedError, match=r"^(.key.: )?it is refused by its type$") as caught:
        read_text(text, of, hidden=True)
    assert caught.value.__context__ is None


def test_what_a_validator_of_a_variable_raises_is_said() -> None:
    with pytest.raises(MalformedError, match=r"^KeyError: 'x'$"):
        read_text("x", Annotated[str, AfterValidator(looked_up)], hidden=False)


def test_a_type_that_nobody_reads_is_refused() -> None:
    class Opaque: ...

    with pytest.raises(DeclarationError, match="Opaque"):
        read_text("x", Opaque, hidden=False)


def test_a_default_must_be_of_its_type() -> None:
    assert check_default(20, int) == 20
    assert check_default(["a"], list[str]) == ["a"]
    with pytest.raises(MalformedError, match="valid integer"):
        check_default("many", int)
    with pytest.raises(MalformedError, match=r"^KeyError: 'x'$"):
        check_default("x", Annotated[str, AfterValidator(looked_up)])


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.text())
def test_a_string_is_its_text(text: str) -> None:
    assert read_text(text, str, hidden=False) == text
    assert read_text(text, str | None, hidden=True) == text


@given(st.integers())
def test_an_integer_is_read_from_its_digits(number: int) -> None:
    assert read_text(str(number), int, hidden=False) == number
    assert read_text(str(number), int | None, hidden=False) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_from_what_python_writes(number: float) -> None:
    assert read_text(repr(number), float, hidden=False) == number


@given(st.dictionaries(st.text(), JSON_VALUES) | st.lists(JSON_VALUES))
def test_what_holds_others_is_read_from_json(value: Any) -> None:
    of = dict[str, Any] if isinstance(value, dict) else list[Any]
    assert read_text(json.dumps(value), of, hidden=False) == value


@given(st.text(), st.sampled_from([int, bool, float, Login, list[int], Colour, UUID, Strict]))
def test_any_text_is_read_or_malformed_and_a_secret_is_not_shown(text: str, of: Any) -> None:
    secret = f"{text}\N{SNOWMAN}"
    with pytest.raises(MalformedError) as caught:
        read_text(secret, of, hidden=True)
    assert "\N{SNOWMAN}" not in str(caught.value)
