"""The schemas that operations share: each data type once, under a name that stays."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pikku_core.plugin import TypeModel

Schema: TypeAlias = Any
"""A JSON Schema: an object, or true or false."""

Direction: TypeAlias = Literal["input", "output"]

LOCAL: Final = "#/$defs/"
SHARED: Final = "#/components/schemas/"
_MAPS: Final = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})
_VALUES: Final = frozenset({"default", "examples", "example", "const", "enum", "required"})


@dataclass(slots=True)
class _Component:
    """A definition, with all that it refers to, wherever it was found.

    Attributes:
        own: The names of the data types that it is the whole of.
        names: What pydantic calls it elsewhere.
        owners: The data types that it is in.
        is_input: Whether it is part of what is accepted.
    """

    root: Schema
    schema: Schema
    own: set[str] = field(default_factory=set[str])
    names: set[str] = field(default_factory=set[str])
    owners: set[str] = field(default_factory=set[str])
    is_input: bool = False

    @property
    def base(self) -> str:
        return min(self.own or self.names)


class Components:
    """The definitions of some data types, by what they say: equal ones are one.

    A type that is written otherwise than it is accepted is there twice, as `User` and `User.output`.

    Args:
        uses: Data types, each with the direction in which it is used.
    """

    def __init__(self, uses: Iterable[tuple[TypeModel, Direction]]) -> None:
        self._components: dict[str, _Component] = {}
        for type_, direction in uses:
            self._add(type_, direction)
        self._names = {key: name for name, key in self._named()}
        self._used: set[str] = set()

    def schema(self, type_: TypeModel, direction: Direction) -> Schema:
        """The schema of a data type: a reference where it is a model, a dataclass or a TypedDict."""
        root = _root(type_, direction)
        if type_.fields is None or "$ref" in keywords(root):
            return self.part(root, root)
        return self._reference(root, root)

    def part(self, root: Schema, part: Schema) -> Schema:
        """A part of a data type's schema, or all of it, its references turned to what is shared."""
        return _rewritten(
            _without_definitions(part), lambda name: self._reference(root, root["$defs"][name])
        )

    def used(self) -> dict[str, Schema]:
        """The components that something refers to, by name."""
        found: dict[str, Schema] = {}
        while missing := sorted(self._used - found.keys()):
            for key in missing:
                component = self._components[key]
                found[key] = self.part(component.root, component.schema)
        return {self._names[key]: found[key] for key in sorted(found, key=self._names.__getitem__)}

    def free_name(self, name: str) -> str:
        """The name for a component of one's own: this one, with as many underlines as make it free."""
        taken = set(self._names.values())
        while name in taken:
            name += "_"
        return name

    def _reference(self, root: Schema, schema: Schema) -> Schema:
        key = _key(root, schema)
        self._used.add(key)
        return {"$ref": f"{SHARED}{self._names[key]}"}

    def _add(self, type_: TypeModel, direction: Direction) -> None:
        root = _root(type_, direction)
        definitions: Mapping[str, Schema] = keywords(root).get("$defs", {})
        for name, schema in definitions.items():
            component = self._component(root, schema)
            component.names.add(re.sub(r"[^A-Za-z0-9._-]", "_", name))
            component.owners.add(type_.name)
            component.is_input |= direction == "input"
        if type_.fields is not None and "$ref" not in keywords(root):
            component = self._component(root, root)
            component.own.add(type_.name)
            component.is_input |= direction == "input"

    def _component(self, root: Schema, schema: Schema) -> _Component:
        return self._components.setdefault(_key(root, schema), _Component(root, schema))

    def _named(self) -> Iterator[tuple[str, str]]:
        """Each name with the key of its component."""
        groups: dict[str, list[str]] = {}
        for key in sorted(self._components, key=lambda key: (self._components[key].base, key)):
            groups.setdefault(self._components[key].base, []).append(key)
        taken: set[str] = set()
        for base, keys in groups.items():
            inputs = [key for key in keys if self._components[key].is_input]
            for key in keys:
                component = self._components[key]
                among = inputs if component.is_input else [one for one in keys if one not in inputs]
                name = base
                if len(among) > 1 and not component.own:
                    name = f"{min(component.owners)}.{base}"
                if inputs and not component.is_input:
                    name = f"{name}.output"
                while name in taken:
                    name += "_"
                taken.add(name)
                yield name, key


def resolved(root: Schema, schema: Schema) -> Schema:
    """The schema itself for a reference to a definition."""
    while reference := keywords(schema).get("$ref"):
        schema = root["$defs"][reference.removeprefix(LOCAL)]
    return schema


def keywords(schema: Schema) -> dict[str, Schema]:
    """The keywords of a schema; true and false have none."""
    return cast("dict[str, Schema]", schema) if isinstance(schema, dict) else {}


def _root(type_: TypeModel, direction: Direction) -> Schema:
    return type_.input_schema if direction == "input" else type_.output_schema


def _key(root: Schema, schema: Schema) -> str:
    """What a definition says, with all that it refers to: two with one key are the same."""
    own = _without_definitions(schema)
    reached: dict[str, Schema] = {}
    definitions: Mapping[str, Schema] = keywords(root).get("$defs", {})
    unread = [own] if definitions else []
    while unread:
        for name in _referred(unread.pop()):
            if name not in reached:
                reached[name] = definitions[name]
                unread.append(reached[name])
    return json.dumps([own, reached], sort_keys=True)


def _without_definitions(schema: Schema) -> Schema:
    if not isinstance(schema, dict):
        return schema
    return {key: value for key, value in keywords(schema).items() if key != "$defs"}


def _referred(schema: Schema) -> list[str]:
    """The names of the definitions that a schema refers to."""
    names: list[str] = []

    def refer(name: str) -> Schema:
        names.append(name)
        return {}

    _rewritten(schema, refer)
    return names


def _rewritten(schema: Schema, refer: Callable[[str], Schema]) -> Schema:
    """A copy in which `refer` says what each reference to a definition becomes."""
    if isinstance(schema, list):
        return [_rewritten(one, refer) for one in cast("Iterable[Schema]", schema)]
    if not isinstance(schema, dict):
        return schema
    copy: dict[str, Schema] = {}
    for key, value in keywords(schema).items():
        if key == "$ref" and isinstance(value, str):
            copy |= refer(value.removeprefix(LOCAL))
        elif key == "discriminator":
            copy[key] = _discriminator(value, refer)
        elif key in _VALUES:
            copy[key] = value
        elif key in _MAPS:
            copy[key] = {name: _rewritten(one, refer) for name, one in value.items()}
        else:
            copy[key] = _rewritten(value, refer)
    if copy.get("default", ...) is None and copy.get("type", "null") != "null":
        del copy["default"]  # Of a field that may be left out, but not sent as null.
    return copy


def _discriminator(value: Schema, refer: Callable[[str], Schema]) -> Schema:
    mapping: dict[str, str] = {}
    for name, target in value.get("mapping", {}).items():
        reference = refer(target.removeprefix(LOCAL)) or {"$ref": target}
        mapping[name] = reference["$ref"]
    return {**value, "mapping": mapping} if mapping else value
