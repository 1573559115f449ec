"""The pydantic codec: what comes in, what goes out, and what the errors say."""

from __future__ import annotations

import dataclasses
import json
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    model_validator,
)
from typing_extensions import TypedDict

from pikku_core import DeclarationError, FieldError, InvalidDataError, InvalidResultError
from pikku_core.schema import TypeCodec, codec_for, parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")


class Public(BaseModel):
    name: str


class Private(Public):
    password: str = "hunter2"


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


class ByName(BaseModel):
    model_config = ConfigDict(validate_by_name=True)

    user_id: int = Field(alias="userId")


class Page(BaseModel, Generic[T]):
    items: list[T]


def details(call: Any, *arguments: Any) -> tuple[FieldError, ...]:
    with pytest.raises(InvalidDataError) as caught:
        call(*arguments)
    assert caught.value.__cause__ is None
    return caught.value.details


# Reading JSON


def test_json_is_read() -> None:
    assert codec_for(Public).read_json(b'{"name": "ada"}') == Public(name="ada")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "json_invalid"),
        (b"{", "json_invalid"),
        (b'{"name": "\xff"}', "json_invalid"),
        (b"[" * 100_000, "json_invalid"),
        (b'{"name":' * 100_000, "json_invalid"),
        (b"\x00", "json_invalid"),
        (b"[]", "model_type"),
        (b"{}", "missing"),
        (b'{"name": 1}', "string_type"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_json_or_does_not_fit_is_a_structured_error(text: bytes, code: str) -> None:
    found = details(codec_for(Public).read_json, text)
    assert [each.code for each in found] == [code]


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
@pytest.mark.parametrize(
    "read", [codec_for(dict[str, float]).read_json, parse_json], ids=["typed", "any"]
)
def test_nan_and_infinity_are_refused(number: bytes, read: Any) -> None:
    assert details(read, b'{"price": ' + number + b"}")[0].code == "json_invalid"


def test_the_words_nan_and_infinity_are_welcome_in_text() -> None:
    codec = codec_for(dict[str, str])
    assert codec.read_json(b'{"NaN": "to Infinity"}') == {"NaN": "to Infinity"}


def test_of_a_repeated_key_the_last_counts() -> None:
    assert codec_for(Public).read_json(b'{"name": "ada", "name": "bob"}') == Public(name="bob")


def test_errors_hold_no_values() -> None:
    class Login(BaseModel):
        password: int
        kind: Literal["plain"]

    found = details(codec_for(Login).read_json, b'{"password": "hunter2", "kind": "hunter2"}')
    assert [each.location for each in found] == [("password",), ("kind",)]
    assert "hunter2" not in str(found)


def test_faults_without_end_are_counted_and_not_listed() -> None:
    codec = codec_for(list[int])
    with pytest.raises(InvalidDataError) as few:
        codec.read_json(b"[" + b",".join([b'""'] * 1_000) + b"]")
    with pytest.raises(InvalidDataError) as many:
        codec.read_json(b"[" + b",".join([b'""'] * 1_001) + b"]")
    assert len(few.value.details) == 1_000
    assert [(each.code, each.message) for each in many.value.details] == [
        ("too_many_faults", "There are 1001 faults, too many to list.")
    ]


def test_a_wrong_tag_is_not_repeated() -> None:
    class Cat(BaseModel):
        kind: Literal["cat"]

    class Dog(BaseModel):
        kind: Literal["dog"]

    animal = Annotated[Cat | Dog, Field(discriminator="kind")]
    found = details(codec_for(animal).read_json, b'{"kind": "hunter2"}')
    assert "hunter2" not in found[0].message
    assert "'cat', 'dog'" in found[0].message


@given(st.binary(max_size=60))
def test_no_bytes_at_all_are_anything_but_data_or_an_error(text: bytes) -> None:
    with suppress(InvalidDataError):
        json.dumps(codec_for(Any).read_json(text), allow_nan=False)


# Reading Python objects


@pytest.mark.parametrize("value", [Public(name="ada"), Point(1), "text", 3])
def test_an_exact_instance_is_read_as_it_is(value: object) -> None:
    assert codec_for(type(value)).read_value(value) is value


def test_another_object_is_validated_by_alias_or_name() -> None:
    codec = codec_for(Aliased)
    assert codec.read_value({"userId": 1}) == codec.read_value({"user_id": "1"})
    assert details(codec.read_value, {"user_id": "x"})[0].location == ("user_id",)


# Fields


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        (Public, {"name": ("name",)}),
        (Aliased, {"user_id": ("userId",), "kind": ("type", "sort")}),
        (ByName, {"user_id": ("userId", "user_id")}),
        (Point, {"x": ("x",), "y": ("y",)}),
        (Member, {"name": ("name",)}),
        (Page[Public], {"items": ("items",)}),
        (RootModel[list[int]], None),
        (dict[str, int], None),
        (Public | None, None),
        (int, None),
    ],
    ids=str,
)
def test_fields_say_under_which_keys_they_are_accepted(
    type_: Any, fields: Mapping[str, tuple[str, ...]] | None
) -> None:
    assert codec_for(type_).fields == fields


def test_fields_are_found_inside_validators() -> None:
    class Wrapped(BaseModel):
        id: int

        @model_validator(mode="before")
        @classmethod
        def before(cls, value: Any) -> Any:
            return value

        @model_validator(mode="after")
        def after(self) -> Wrapped:
            return self

    assert codec_for(Wrapped).fields == {"id": ("id",)}


# Results


def written(type_: Any, result: Any) -> Any:
    return json.loads(codec_for(type_).write_json(result))


def test_an_exact_instance_is_written_by_alias() -> None:
    assert written(ByName, ByName(userId=1)) == {"userId": 1}


@pytest.mark.parametrize(
    ("type_", "result", "expected"),
    [
        (Public, {"name": "ada", "password": "x"}, {"name": "ada"}),
        (Public, Private(name="ada"), {"name": "ada"}),
        (list[Public], [{"name": "ada", "password": "x"}], [{"name": "ada"}]),
        (list[Public], [Private(name="ada")], [{"name": "ada"}]),
        (dict[str, Public], {"a": {"name": "ada", "password": "x"}}, {"a": {"name": "ada"}}),
        (Public | None, {"name": "ada", "password": "x"}, {"name": "ada"}),
        (Public | Point, Private(name="ada"), {"name": "ada"}),
        (Member, {"name": "ada", "password": "x"}, {"name": "ada"}),
        (list[Member], [{"name": "ada", "password": "x"}], [{"name": "ada"}]),
        (
            Page[Public],
            Page[Any](items=[{"name": "ada", "password": "x"}]),
            {"items": [{"name": "ada"}]},
        ),
        (Point, {"x": 1, "secret": 2}, {"x": 1, "y": 0}),
        (ByName, {"user_id": 1}, {"userId": 1}),
    ],
    ids=str,
)
def test_nothing_undeclared_leaves(type_: Any, result: Any, expected: Any) -> None:
    assert written(type_, result) == expected


@pytest.mark.parametrize(
    ("type_", "result"),
    [
        (Public, {"title": "x"}),
        (Public, None),
        (Public, Public.model_construct(name=1)),
        (Page[Public], Page[Public].model_construct(items=[{"name": "a", "password": "x"}])),
        (Point, Point("1", 2)),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the fault that is tested
        (list[Public], [1]),
        (None, 1),
        (int, "many"),
        (dict[str, Any], {"a": object()}),
        (Any, object()),
    ],
    ids=str,
)
def test_a_result_that_does_not_fit_is_an_error_and_never_a_warning(
    type_: Any, result: Any
) -> None:
    with pytest.raises(InvalidResultError) as caught:
        codec_for(type_).write_json(result)
    assert not caught.value.is_public


def test_the_error_of_a_result_names_the_fault_and_not_the_value() -> None:
    with pytest.raises(InvalidResultError) as dict_error:
        codec_for(Public).write_json({"name": 12345})
    with pytest.raises(InvalidResultError) as instance_error:
        codec_for(Public).write_json(Public.model_construct(name=12345))
    assert dict_error.value.message == (
        'A result of type "dict" does not fit the return type "Public": name: Input should be a valid string'
    )
    assert instance_error.value.message == (
        'A result of type "Public" does not fit the return type "Public": name: expected str'
    )


@pytest.mark.parametrize(
    ("type_", "result", "text"),
    [
        (None, None, b"null"),
        (str, "text", b'"text"'),
        (int, 1, b"1"),
        (bool, True, b"true"),
        (Any, {"a": [1, date(2026, 11, 21)]}, b'{"a":[1,"2026-11-21"]}'),
        (Public | None, None, b"null"),
    ],
    ids=str,
)
def test_plain_results_are_written(type_: Any, result: Any, text: bytes) -> None:
    assert codec_for(type_).write_json(result) == text


def test_a_checked_result_is_an_object_of_the_declared_type() -> None:
    codec = codec_for(list[Public])
    assert codec.check_result([{"name": "ada", "password": "x"}]) == [Public(name="ada")]
    public = Public(name="ada")
    assert codec_for(Public).check_result(public) is public


# Types


def test_a_type_without_a_schema_is_refused() -> None:
    class Opaque: ...

    with pytest.raises(DeclarationError, match=r'"test_.*Opaque" cannot be read or written'):
        codec_for(Opaque)


def test_a_model_with_a_missing_name_is_refused() -> None:
    class Incomplete(BaseModel):
        other: Missing  # type: ignore[name-defined]  # noqa: F821 -- this is the fault  # pyright: ignore[reportUndefinedVariable]  # the fault that is tested

    with pytest.raises(DeclarationError, match='names "Missing", which is not defined'):
        codec_for(Incomplete)


def test_an_adapter_is_asked_first() -> None:
    own = codec_for(Any)

    def adapter(type_: Any) -> TypeCodec | None:
        return own if type_ is Point else None

    assert codec_for(Point, [adapter]) is own
    assert cast("type", codec_for(Public, [adapter]).type) is Public
