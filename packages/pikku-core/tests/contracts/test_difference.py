"""What is different between two types: the field, the old and the new, and whether callers break."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model

from pikku_core.contracts.change import Direction
from pikku_core.contracts.difference import differences
from pikku_core.contracts.reading import read_shape
from pikku_core.contracts.shape import Shape

T = TypeVar("T")


class Cat(BaseModel):
    kind: Literal["cat"]
    name: str


class Dog(BaseModel):
    kind: Literal["dog"]


class Lion(BaseModel):
    kind: Literal["cat", "lion"]
    name: str


class Kennel(BaseModel, Generic[T]):
    kind: Literal["kennel"]
    guest: T


class Owl(BaseModel):
    kind: Literal["owl"]


CAT, DOG, OWL = (f'object with kind "{kind}"' for kind in ("cat", "dog", "owl"))


class LoudCat(BaseModel):
    kind: Literal["cat"]
    name: str
    volume: int


class Tree(BaseModel):
    value: int
    left: Tree | None = None
    right: Tree | None = None


class Words(BaseModel):
    value: str
    left: Words | None = None
    right: Words | None = None


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def whole(type_: Any) -> Shape:
    shape = Shape(required={"$"})
    shape.edges["$"] = read_shape(TypeAdapter(type_).json_schema())
    return shape


def changes(old: Any, new: Any, label: str = "T") -> list[tuple[str, str]]:
    """Each change with who breaks: `<` whoever sends, `>` whoever reads."""
    sides = [
        differences(whole(old), whole(new), direction=direction, label=label)
        for direction in Direction
    ]
    assert [str(change) for change in sides[0]] == [str(change) for change in sides[1]]
    return [
        (str(sent), "<" * sent.breaks + ">" * read.breaks)
        for sent, read in zip(*sides, strict=True)
    ]


def model(**fields: Any) -> type[BaseModel]:
    return create_model("Model", **fields)


Short = Annotated[str, Field(max_length=20)]
Long = Annotated[str, Field(max_length=40)]


class Pet(BaseModel):
    legs: int


class Plant(BaseModel):
    leaves: int


CASES: dict[str, tuple[Any, Any, list[tuple[str, str]]]] = {
    "another type": (int, str, [("T: was integer, is string", "<>")]),
    "null as well": (int, int | None, [("T: was integer, is integer or null", ">")]),
    "null no more": (int | None, int, [("T: was integer or null, is integer", "<")]),
    "a wider number": (int, float, [("T: was integer, is number", ">")]),
    "a wider number beside models": (
        Pet | Plant | int,
        Pet | Plant | float,
        [("T: was integer, is number", ">")],
    ),
    "anything": (int, Any, [("T: was integer, is anything", ">")]),
    "a constraint": (str, Short, [("T: maxLength 20 now", "<")]),
    "no constraint": (Short, str, [("T: no maxLength 20 any more", ">")]),
    "a tighter one": (Long, Short, [("T: maxLength was 40, is 20", "<")]),
    "a looser one": (Short, Long, [("T: maxLength was 20, is 40", ">")]),
    "a higher minimum": (
        Annotated[int, Field(ge=1)],
        Annotated[int, Field(ge=2)],
        [("T: minimum was 1, is 2", "<")],
    ),
    "another pattern": (
        Annotated[str, Field(pattern="a")],
        Annotated[str, Field(pattern="b")],
        [('T: pattern was "a", is "b"', "<>")],
    ),
    "unique items": (list[int], set[int], [("T: uniqueItems now", "<")]),
    "a value less": (Literal["a", "b"], Literal["a"], [('T: no longer "b"', "<")]),
    "a value more": (Literal["a"], Literal["a", "b"], [('T: also "b"', ">")]),
    "null as a value": (Literal["a"], Literal["a"] | None, [("T: also null", ">")]),
    "true is not 1": (Literal[1], Literal[True], [("T: no longer 1", "<"), ("T: also true", ">")]),
    "some values only": (str, Literal["a", "b"], [('T: only "a", "b" now', "<")]),
    "not only some values": (Literal["a"], str, [('T: not only "a" any more', ">")]),
    "items": (list[int], list[str], [("T[]: was integer, is string", "<>")]),
    "an item of a tuple": (
        tuple[int, int],
        tuple[int, str],
        [("T[1]: was integer, is string", "<>")],
    ),
    "values of a mapping": (
        dict[str, int],
        dict[str, int | None],
        [("T{}: was integer, is integer or null", ">")],
    ),
    "a field more": (model(a=int), model(a=int, b=(int, 1)), [("T.b: new (integer)", "")]),
    "a required field more": (
        model(a=int),
        model(a=int, b=int),
        [("T.b: new (integer, required)", "<")],
    ),
    "a field less": (model(a=int, b=(int, 1)), model(a=int), [("T.b: gone", "<>")]),
    "required": (model(a=(int, 1)), model(a=int), [("T.a: required now", "<")]),
    "optional": (model(a=int), model(a=(int, 1)), [("T.a: optional now", ">")]),
    "a field of a field": (
        model(a=model(b=int)),
        model(a=model(b=str)),
        [("T.a.b: was integer, is string", "<>")],
    ),
    "a field of an optional field": (
        model(a=(model(b=int) | None, None)),
        model(a=(model(b=str) | None, None)),
        [("T.a.b: was integer, is string", "<>")],
    ),
    "a shared type": (
        model(a=model(b=int), c=model(b=int)),
        model(a=model(b=str), c=model(b=str)),
        [("T.a.b: was integer, is string", "<>"), ("T.c: changed like T.a", "<>")],
    ),
    "a type that was shared": (
        model(a=model(b=int), c=model(b=int)),
        model(c=model(b=int)),
        [("T.a: gone", "<>")],
    ),
    "no other fields": (
        model(),
        create_model("Model", __base__=Strict),
        [("T: additionalProperties false now", "<")],
    ),
    "a choice more": (Cat, Cat | Dog, [('T: also object with kind "dog"', ">")]),
    "a choice less": (Cat | Dog, Cat, [('T: no longer object with kind "dog"', "<")]),
    "a choice more beside null": (
        Cat | None,
        Cat | Dog | None,
        [('T: also object with kind "dog"', ">")],
    ),
    "a choice more beside scalars": (
        dict[str, int] | list[str] | int | None,
        dict[str, int] | list[str] | int | Literal["auto"] | None,
        [('T: also "auto"', ">")],
    ),
    "a choice and null less": (
        Cat | Dog | None,
        Cat,
        [('T: no longer object with kind "dog" or null', "<")],
    ),
    "a field of a choice beside null": (
        Cat | None,
        LoudCat | Dog | None,
        [
            ('T: also object with kind "dog"', ">"),
            ("T.volume: new (integer, required)", "<"),
        ],
    ),
    "another type beside null": (
        Cat | None,
        int | None,
        [('T: was object with kind "cat" or null, is integer or null', "<>")],
    ),
    "no bound": (str, Annotated[str, Field(min_length=0)], []),
    "a field of a choice": (
        Cat | Dog,
        LoudCat | Dog,
        [("T.volume: new (integer, required)", "<")],
    ),
    "a field of a choice whose tag has a default": (
        model(kind=(Literal["cat"], "cat"), lives=int) | model(kind=(Literal["dog"], "dog")),
        model(kind=(Literal["cat"], "cat"), lives=str) | model(kind=(Literal["dog"], "dog")),
        [("T.lives: was integer, is string", "<>")],
    ),
    "a tag more of a choice": (
        Cat | Dog,
        model(kind=Literal["cat", "lion"], name=str) | Dog,
        [('T.kind: also "lion"', ">")],
    ),
    "a tag more of a choice that others have in them": (
        Cat | Kennel[Cat],
        Lion | Kennel[Lion],
        [('T.kind: also "lion"', ">")],
    ),
    "another choice": (Cat | Dog, Owl | Dog, [(f"T: was {CAT} or {DOG}, is {OWL} or {DOG}", "<>")]),
    "a choice in place of a type": (
        str,
        Literal["auto"] | int,
        [('T: was string, is "auto" or integer', "<>")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_named(case: str) -> None:
    old, new, expected = CASES[case]
    assert changes(old, new) == expected
    assert changes(old, old) == changes(new, new) == []


def test_a_recursive_type_is_compared_once() -> None:
    assert changes(Tree, Words, label="Tree") == [
        ("Tree.left.value: was integer, is string", "<>"),
        ("Tree.right: changed like Tree.left", "<>"),
        ("Tree.value: was integer, is string", "<>"),
    ]


def test_a_type_that_comes_or_goes_is_a_change_of_the_whole() -> None:
    sent = differences(Shape(), whole(int), direction=Direction.INPUT, label="data")
    assert [(str(change), change.breaks) for change in sent] == [
        ("data: new (integer, required)", True)
    ]
    gone = differences(whole(int), Shape(), direction=Direction.OUTPUT, label="result")
    assert [(str(change), change.was, change.breaks) for change in gone] == [
        ("result: gone", "integer", True)
    ]


def test_a_stream_in_place_of_a_value_breaks() -> None:
    stream = whole(int)
    stream.facts["stream"] = True
    found = differences(whole(int), stream, direction=Direction.OUTPUT, label="int")
    assert [(str(change), change.breaks) for change in found] == [("int: stream now", True)]
