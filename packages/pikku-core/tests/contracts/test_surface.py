"""Types as flat tables: what is in them, what is not, and that the same type always has the same one."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from pikku_core.contracts.reading import read_shape
from pikku_core.contracts.shape import Shape
from pikku_core.contracts.surface import (
    BrokenSurfaceError,
    Surface,
    shape_of,
    surface_hash,
    surface_of,
)


class Address(BaseModel):
    street: str


class Order(BaseModel):
    """An order."""

    billing: Address
    shipping: Address | None = None
    note: str = Field(default="", max_length=40, title="A note", description="For us.")


class Node(BaseModel):
    children: list[Node] = []
    parent: Node | None = None


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Aliased(BaseModel):
    name: str = Field(alias="first name")


def table(type_: Any) -> Surface:
    return table_of(TypeAdapter(type_).json_schema())


def table_of(schema: Any) -> Surface:
    whole = Shape()
    whole.edges["$"] = read_shape(schema)
    return surface_of(whole)


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        (int, {"$": {"type": "integer"}}),
        (Any, {"$": {}}),
        (int | None, {"$": {"type": ["integer", "null"]}}),
        (int | float, {"$": {"type": ["integer", "number"]}}),
        (Colour, {"$": {"enum": ["blue", "red"], "type": "string"}}),
        (
            Literal["b", 1] | None,
            {"$": {"enum": ["b", 1, None], "type": ["integer", "null", "string"]}},
        ),
        (Literal["a"] | None, {"$": {"enum": ["a", None], "type": ["null", "string"]}}),
        (Annotated[int, Field(le=3.0)], {"$": {"maximum": 3, "type": "integer"}}),
        (Annotated[float, Field(le=float("inf"))], {"$": {"type": "number"}}),
        (
            Annotated[str, Field(max_length=3)] | Annotated[int, Field(ge=0)],
            {"$": {"maxLength": 3, "minimum": 0, "type": ["integer", "string"]}},
        ),
        (
            Annotated[int, Field(le=3)] | Annotated[float, Field(ge=5)],
            {
                "$": {},
                "$|1": {"maximum": 3, "type": "integer"},
                "$|2": {"minimum": 5, "type": "number"},
            },
        ),
        (
            Literal["auto"] | int,
            {"$": {}, "$|1": {"enum": ["auto"], "type": "string"}, "$|2": {"type": "integer"}},
        ),
        (list[int], {"$": {"type": "array"}, "$[]": {"type": "integer"}}),
        (
            tuple[int, str],
            {
                "$": {"maxItems": 2, "minItems": 2, "type": "array"},
                "$[0]": {"type": "integer"},
                "$[1]": {"type": "string"},
            },
        ),
        (dict[str, int], {"$": {"type": "object"}, "${}": {"type": "integer"}}),
        (
            dict[Annotated[str, Field(pattern='^"')], int],
            {"$": {"type": "object"}, '${"^\\""}': {"type": "integer"}},
        ),
        (Strict, {"$": {"additionalProperties": False, "type": "object"}}),
        (
            Aliased,
            {"$": {"type": "object"}, '$["first name"]': {"required": True, "type": "string"}},
        ),
    ],
    ids=str,
)
def test_a_type_is_a_table(type_: Any, expected: Surface) -> None:
    assert table(type_) == expected


def test_fields_have_rows_and_nothing_that_is_for_people_has() -> None:
    assert table(Order) == {
        "$": {"type": "object"},
        "$.billing": {"required": True, "type": "object"},
        "$.billing.street": {"required": True, "type": "string"},
        "$.note": {"maxLength": 40, "type": "string"},
        "$.shipping": {"type": ["null", "object"]},
        "$.shipping.street": {"required": True, "type": "string"},
    }


def test_a_part_that_comes_again_is_the_same_as_the_first() -> None:
    assert table(tuple[Address, Address])["$[1]"] == {"same_as": "$[0]"}
    assert table(tuple[Address, list[Address]])["$[1][]"] == {"same_as": "$[0]"}


def test_a_recursive_type_has_a_finite_table() -> None:
    assert table(Node) == {
        "$": {"type": "object"},
        "$.children": {"type": "array"},
        "$.children[]": {"same_as": "$"},
        "$.parent": {"type": ["null", "object"]},
        "$.parent.children": {"type": "array"},
        "$.parent.children[]": {"same_as": "$"},
        "$.parent.parent": {"same_as": "$.parent"},
    }


def test_a_choice_has_a_row_for_each_in_an_order_of_its_own() -> None:
    cats_first = table(Cat | Dog)
    assert cats_first == table(Dog | Cat)
    assert cats_first == table(Annotated[Cat | Dog, Field(discriminator="kind")])
    assert [path for path in cats_first if path.endswith(".kind")] == ["$|1.kind", "$|2.kind"]


def test_a_recursive_schema_that_is_unrolled_once_is_the_same() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
    rolled = {"$ref": "#/$defs/Node", "$defs": {"Node": node}}
    again = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Again"}}}
    unrolled = {
        "$ref": "#/$defs/Node",
        "$defs": {"Node": again, "Again": {"title": "Again", **node}},
    }
    assert table_of(rolled) == table_of(unrolled)


@pytest.mark.parametrize(
    "reference", ["https://acme.example/card.json", "#/$defs/Card", "#card", "#/anyOf/x"]
)
def test_a_reference_that_leads_out_of_the_schema_is_a_fact(reference: str) -> None:
    assert table_of({"$ref": reference, "anyOf": []}) == {"$": {"$ref": reference}}
    assert table_of({"$ref": reference}) == {"$": {"$ref": reference}}


def test_a_reference_may_lead_into_a_list() -> None:
    schema = {"prefixItems": [{"type": "integer"}, {"$ref": "#/prefixItems/0"}]}
    assert table_of(schema)["$[1]"] == {"type": "integer"}


def test_names_of_definitions_and_defaults_do_not_count() -> None:
    class Shipping(BaseModel):
        street: str = Field(examples=["High Street"])

    class Renamed(BaseModel):
        note: str = Field(default="none", max_length=40)
        shipping: Shipping | None = Shipping(street="x")
        billing: Address

    assert surface_hash(table(Renamed)) == surface_hash(table(Order))


@pytest.mark.parametrize(
    "type_", [Order, Node, Cat | Dog | None, list[Node] | None, Aliased, dict[str, Order]], ids=str
)
def test_a_table_is_of_the_shape_that_it_is_read_as(type_: Any) -> None:
    assert surface_of(shape_of(table(type_))) == table(type_)


@pytest.mark.parametrize(
    "surface",
    [
        {"$.name": {"type": "string"}},
        {"$": {}, "$.a.b": {}},
        {"$": {}, "$.": {}},
        {"$": {}, "$.a": {"same_as": "$.b"}},
        {"$": {}, "$.a": {"same_as": ["$"]}},
        {"$": {}, "no path": {}},
    ],
    ids=str,
)
def test_a_table_that_is_of_no_shape_is_refused(surface: Surface) -> None:
    with pytest.raises(BrokenSurfaceError):
        shape_of(surface)
