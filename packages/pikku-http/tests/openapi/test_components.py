from __future__ import annotations

from typing import Any

from pydantic import BaseModel, TypeAdapter, computed_field

from pikku_core.plugin import FieldModel, TypeModel
from pikku_http.http.openapi.components import Components


class Author(BaseModel):
    name: str
    age: int = 0


class Book(BaseModel):
    author: Author


class Price(BaseModel):
    net: int

    @computed_field
    def gross(self) -> int:
        return self.net


class Tree(BaseModel):
    children: list[Tree] = []


def type_of(value: Any, *, name: str = "", fields: bool = True) -> TypeModel:
    adapter: TypeAdapter[Any] = TypeAdapter(value)
    return TypeModel(
        key=name or value.__name__,
        name=name or value.__name__,
        input_schema=adapter.json_schema(mode="validation"),
        output_schema=adapter.json_schema(mode="serialization"),
        fields=(FieldModel(name="x"),) if fields else None,
    )


AUTHOR, BOOK, TREE = type_of(Author), type_of(Book), type_of(Tree)
PRICE = type_of(Price)


def test_a_type_inside_another_is_the_same_component() -> None:
    components = Components([(AUTHOR, "input"), (BOOK, "input")])
    assert components.schema(AUTHOR, "input") == {"$ref": "#/components/schemas/Author"}
    components.schema(BOOK, "input")
    used = components.used()
    assert list(used) == ["Author", "Book"]
    assert used["Book"]["properties"]["author"] == {"$ref": "#/components/schemas/Author"}


def test_a_type_that_is_written_otherwise_is_there_twice() -> None:
    components = Components([(PRICE, "input"), (PRICE, "output")])
    assert components.schema(PRICE, "output") == {"$ref": "#/components/schemas/Price.output"}
    components.schema(PRICE, "input")
    used = components.used()
    assert used["Price"]["required"] == ["net"]
    assert used["Price.output"]["required"] == ["net", "gross"]


def test_a_type_that_is_written_as_it_is_accepted_is_there_once() -> None:
    components = Components([(AUTHOR, "input"), (AUTHOR, "output")])
    assert components.schema(AUTHOR, "output") == components.schema(AUTHOR, "input")


def test_a_type_that_is_only_written_has_its_own_name() -> None:
    components = Components([(AUTHOR, "output")])
    assert components.schema(AUTHOR, "output") == {"$ref": "#/components/schemas/Author"}


def test_a_type_that_holds_itself_refers_to_itself() -> None:
    components = Components([(TREE, "input")])
    assert components.schema(TREE, "input") == {"$ref": "#/components/schemas/Tree"}
    assert components.used()["Tree"]["properties"]["children"]["items"] == {
        "$ref": "#/components/schemas/Tree"
    }


def test_different_types_of_one_name_are_told_apart_by_what_they_are_in() -> None:
    first: dict[str, Any] = {
        "type": "object",
        "properties": {"part": {"$ref": "#/$defs/Part"}},
        "$defs": {"Part": {"type": "string"}},
    }
    second: dict[str, Any] = {**first, "$defs": {"Part": {"type": "integer"}}}
    types = [
        TypeModel(key=name, name=name, input_schema=schema, output_schema=None, fields=())
        for name, schema in [("Bike", first), ("Car", second)]
    ]
    components = Components((one, "input") for one in types)
    for one in types:
        components.schema(one, "input")
    assert list(components.used()) == ["Bike", "Bike.Part", "Car", "Car.Part"]


def test_a_type_that_is_no_model_is_written_where_it_is() -> None:
    books = type_of(list[Book], name="ListBook", fields=False)
    components = Components([(books, "output")])
    assert components.schema(books, "output") == {
        "items": {"$ref": "#/components/schemas/Book"},
        "type": "array",
    }


def test_what_nothing_refers_to_is_left_out() -> None:
    components = Components([(AUTHOR, "input"), (TREE, "input")])
    components.schema(TREE, "input")
    assert list(components.used()) == ["Tree"]


def test_values_are_not_taken_for_references() -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"default": {"type": "string", "default": {"$ref": "#/$defs/None"}}},
    }
    type_ = TypeModel(key="A", name="A", input_schema=schema, output_schema=None, fields=())
    components = Components([(type_, "input")])
    components.schema(type_, "input")
    assert components.used() == {"A": schema}


def test_a_default_that_may_not_be_sent_is_not_shown() -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            "a": {"type": "string", "default": None},
            "b": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        },
    }
    type_ = TypeModel(key="A", name="A", input_schema=schema, output_schema=None, fields=())
    components = Components([(type_, "input")])
    components.schema(type_, "input")
    properties = components.used()["A"]["properties"]
    assert "default" not in properties["a"]
    assert properties["b"] == schema["properties"]["b"]
