"""Random types: the same type has the same hash however it is written, and a field that changes is named."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, Union, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, create_model

from pikku_core.contracts.change import Direction
from pikku_core.contracts.difference import differences
from pikku_core.contracts.reading import read_shape
from pikku_core.contracts.shape import Shape
from pikku_core.contracts.surface import shape_of, surface_hash, surface_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin.model import Json

SCALARS: dict[str, Any] = {
    "integer": int,
    "string": str,
    "number": float,
    "boolean": bool,
    "short": Annotated[str, Field(max_length=3)],
    "letters": Literal["a", "b", "c"],
}
MODES: tuple[Literal["validation", "serialization"], ...] = ("validation", "serialization")


@dataclass(frozen=True)
class Scalar:
    name: str


@dataclass(frozen=True)
class Many:
    of: Spec
    mapping: bool


@dataclass(frozen=True)
class Optional:
    of: Spec


@dataclass(frozen=True)
class Either:
    models: tuple[Model, ...]


@dataclass(frozen=True)
class Property:
    of: Spec
    required: bool


@dataclass(frozen=True)
class Model:
    fields: tuple[tuple[str, Property], ...]


Spec: TypeAlias = Scalar | Many | Optional | Either | Model

names = st.sampled_from(["id", "name", "colour", "größe", "first name", "x-y", "items"])
scalars = st.sampled_from(sorted(SCALARS)).map(Scalar)


def models(children: st.SearchStrategy[Spec]) -> st.SearchStrategy[Model]:
    fields = st.builds(Property, children, st.booleans())
    return st.dictionaries(names, fields, max_size=3).map(lambda found: Model(tuple(found.items())))


def deeper(children: st.SearchStrategy[Spec]) -> st.SearchStrategy[Spec]:
    return (
        models(children)
        | st.builds(Many, children, st.booleans())
        | st.builds(Optional, children)
        | st.lists(models(children), min_size=2, max_size=2).map(lambda found: Either(tuple(found)))
    )


specs: st.SearchStrategy[Spec] = st.recursive(scalars, deeper, max_leaves=8)


class Writer:
    """Writes a specification as a type: with names, an order and texts of its own."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._count = 0

    def type(self, spec: Spec) -> Any:
        match spec:
            case Scalar(name):
                return SCALARS[name]
            case Many(of, mapping):
                return dict[str, self.type(of)] if mapping else list[self.type(of)]  # type: ignore[misc] # made at run time
            case Optional(of):
                sides = [self.type(of), type(None)]
                self._random.shuffle(sides)
                return Union[tuple(sides)]  # noqa: UP007 - of as many as there are
            case Either(of):
                sides = [self.type(each) for each in of]
                self._random.shuffle(sides)
                return Union[tuple(sides)]  # noqa: UP007 - of as many as there are
            case Model(fields):
                return self._model(fields)

    def _model(self, fields: tuple[tuple[str, Property], ...]) -> Any:
        written: dict[str, Any] = {}
        for name, each in self._random.sample(fields, len(fields)):
            about: dict[str, Any] = {"alias": name, "title": self._word()}
            if self._random.random() < 0.5:
                about |= {"description": self._word(), "examples": [self._word()]}
            if not each.required:
                about["default"] = self._random.choice([None, self._word()])
            self._count += 1
            written[f"field_{self._count}"] = (self.type(each.of), Field(**about))
        return create_model(self._word(), __doc__=self._word(), **written)

    def _word(self) -> str:
        self._count += 1
        return (
            f"{self._random.choice(['Card', 'User', 'Order'])}{self._random.random()}_{self._count}"
        )


def whole(spec: Spec, seed: int, mode: Literal["validation", "serialization"]) -> Shape:
    shape = Shape(required={"$"})
    shape.edges["$"] = read_shape(TypeAdapter(Writer(seed).type(spec)).json_schema(mode=mode))
    return shape


def inlined(schema: Json, definitions: Mapping[str, Json]) -> Json:
    """A schema with what references lead to in their place."""
    if isinstance(schema, list):
        return [inlined(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return inlined(definitions[str(schema["$ref"]).rpartition("/")[2]], definitions)
    return {key: inlined(value, definitions) for key, value in schema.items() if key != "$defs"}


def fields_in(spec: Spec, path: str = "") -> Iterator[tuple[str, Model, str]]:
    """The fields that have a path of their own: where each is, its model, its name."""
    match spec:
        case Many(of, mapping):
            yield from fields_in(of, path + ("{}" if mapping else "[]"))
        case Optional(of):
            yield from fields_in(of, path)
        case Model(fields):
            for name, each in fields:
                step = f".{name}" if name.isidentifier() else f'["{name}"]'
                yield path + step, spec, name
                yield from fields_in(each.of, path + step)
        case Scalar() | Either():
            pass


def with_model(spec: Spec, old: Model, new: Model) -> Spec:
    """A specification with another model in the place of one, which is found by identity."""
    if spec is old:
        return new
    match spec:
        case Many(of, _) | Optional(of):
            return replace(spec, of=with_model(of, old, new))
        case Model(fields):
            changed = [
                (name, replace(each, of=with_model(each.of, old, new))) for name, each in fields
            ]
            return Model(tuple(changed))
        case Scalar() | Either():
            return spec


def with_field(model: Model, name: str, new: Property | None) -> Model:
    kept = tuple((known, each) for known, each in model.fields if known != name)
    return Model(kept if new is None else (*kept, (name, new)))


def fresh(spec: Spec) -> Spec:
    """A copy in which no part is the same object as another."""
    match spec:
        case Many(of, _) | Optional(of):
            return replace(spec, of=fresh(of))
        case Model(fields):
            return Model(tuple((name, replace(each, of=fresh(each.of))) for name, each in fields))
        case Scalar(name):
            return Scalar(name)
        case Either(of):
            return Either(tuple(cast("Model", fresh(each)) for each in of))


@pytest.mark.parametrize("mode", MODES)
@given(spec=specs, seeds=st.tuples(st.integers(0, 9), st.integers(10, 19)))
@settings(max_examples=60, deadline=None)
def test_a_type_has_one_hash_however_it_is_written(
    mode: Literal["validation", "serialization"], spec: Spec, seeds: tuple[int, int]
) -> None:
    first, second = (whole(spec, seed, mode) for seed in seeds)
    assert surface_of(first) == surface_of(second)
    assert surface_hash(surface_of(first)) == surface_hash(surface_of(second))
    assert differences(first, second, direction=Direction.INPUT, label="T") == []


@given(spec=specs)
@settings(max_examples=60, deadline=None)
def test_references_are_as_good_as_what_they_lead_to(spec: Spec) -> None:
    schema = TypeAdapter(Writer(0).type(spec)).json_schema()
    shape = Shape(required={"$"})
    shape.edges["$"] = read_shape(inlined(schema, schema.get("$defs", {})))
    assert surface_of(shape) == surface_of(whole(spec, 0, "validation"))


@given(spec=specs)
@settings(max_examples=60, deadline=None)
def test_a_table_says_all_there_is_to_a_shape(spec: Spec) -> None:
    surface = surface_of(whole(spec, 0, "validation"))
    assert surface_of(shape_of(surface)) == surface


@pytest.mark.parametrize("direction", Direction)
@given(spec=specs, data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_field_that_changes_is_named_and_no_other(
    direction: Direction, spec: Spec, data: st.DataObject
) -> None:
    spec = fresh(
        Model((("root", Property(spec, True)), ("other", Property(Scalar("number"), True))))
    )
    path, model, name = data.draw(st.sampled_from(list(fields_in(spec))))
    field = dict(model.fields)[name]
    became = data.draw(st.sampled_from(["gone", "required", "retyped", "joined"]))
    expected = path
    match became:
        case "gone":
            new = with_field(model, name, None)
        case "required":
            new = with_field(model, name, replace(field, required=not field.required))
        case "retyped":
            other = Scalar("boolean") if field.of != Scalar("boolean") else Scalar("string")
            new = with_field(model, name, replace(field, of=other))
        case _:
            new = with_field(model, "joined", Property(Scalar("string"), True))
            step = f".{name}" if name.isidentifier() else f'["{name}"]'
            expected = path.removesuffix(step) + ".joined"
    mode = MODES[direction is Direction.OUTPUT]
    old, now = whole(spec, 1, mode), whole(with_model(spec, model, new), 2, mode)
    assert surface_hash(surface_of(old)) != surface_hash(surface_of(now))
    recorded = shape_of(surface_of(old))
    found = differences(recorded, now, direction=direction, label="T")
    assert {change.field for change in found} == {f"T{expected}"}
    assert all(change.breaks for change in found) or became != "gone"
