"""From a JSON Schema to its shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pikku_core.contracts.keywords import (
    CONSTRAINTS,
    SUBSCHEMAS,
    TYPES,
    distinct,
    is_bound,
    plain,
    type_of,
)
from pikku_core.contracts.paths import pattern_step, property_step
from pikku_core.contracts.shape import Shape

if TYPE_CHECKING:
    from pikku_core.plugin.model import Json

Schema: TypeAlias = Mapping[str, Any]

_CHOICES: Final = ("anyOf", "oneOf")
_MEANINGFUL: Final = (
    CONSTRAINTS
    | SUBSCHEMAS
    | {"type", "enum", "const", "required", "properties", "patternProperties"}
    | {"additionalProperties", "items", "prefixItems", "allOf", "$ref", *_CHOICES}
)
_WHOLE: Final = SUBSCHEMAS | {"allOf", "$ref", *_CHOICES}
"""Keywords that are about values of all types."""

_ANYTHING: Final[Schema] = {}
_NOTHING: Final[Schema] = {"not": {}}


def read_shape(document: Json) -> Shape:
    """The shape of a JSON Schema document; references into it are followed."""
    return _Reader(document).shape(document)


class _Reader:
    def __init__(self, document: Json) -> None:
        self._document = document
        self._known: dict[tuple[int, ...], Shape] = {}

    def shape(self, schema: Any) -> Shape:
        """The node of a schema. Choices of different types are one node: `integer | null` is a type of two names."""
        choices = list(self._choices(schema))
        key = tuple(sorted(map(id, choices)))
        if key not in self._known:
            shape = self._known[key] = Shape()
            if can_merge(choices):
                for choice in choices:
                    self._fill(shape, choice)
            else:
                shape.choices = [self.shape(choice) for choice in choices]
        return self._known[key]

    def _choices(self, schema: Any) -> Iterator[Schema]:
        """What a schema is a choice of: itself where it is none. References are followed."""
        if isinstance(schema, bool):
            schema = _ANYTHING if schema else _NOTHING
        said = [key for key in schema if key in _MEANINGFUL]
        if said == ["$ref"] and (target := self._target(schema["$ref"])) is not None:
            yield from self._choices(target)
        elif len(said) == 1 and said[0] in _CHOICES:
            for choice in schema[said[0]]:
                yield from self._choices(choice)
        elif said == ["allOf"] and len(schema["allOf"]) == 1:
            yield from self._choices(schema["allOf"][0])
        else:
            yield schema

    def _target(self, reference: str) -> Any:
        """The schema that a reference leads to; None where that is not in the document."""
        found = self._document
        try:
            for part in _steps(reference):
                if isinstance(found, dict):
                    found = found[part]
                elif isinstance(found, list):
                    found = found[int(part)]
                else:
                    return None
        except (LookupError, ValueError):
            return None
        return found if isinstance(found, dict | bool) else None

    def _fill(self, shape: Shape, schema: Schema) -> None:
        facts = facts_of(schema)
        enum = distinct([*_listed(shape.facts.get("enum")), *_listed(facts.get("enum"))])
        types = sorted({*types_of(shape.facts), *types_of(facts)})
        if types:
            facts["type"] = types[0] if len(types) == 1 else [*types]
        if enum:
            # A merged `null` is a value like those of the enumeration.
            facts["enum"] = distinct([*enum, None]) if "null" in types else enum
        if "$ref" in schema and self._target(schema["$ref"]) is None:
            facts["$ref"] = schema["$ref"]
        shape.facts = dict(sorted({**shape.facts, **facts}.items()))
        for step, part in self._parts(schema):
            shape.edges[step] = self.shape(part)
        for name in schema.get("required", ()):
            step = property_step(name)
            shape.edges.setdefault(step, Shape())
            shape.required.add(step)
        for keyword in _CHOICES:
            shape.choices += [self.shape(choice) for choice in schema.get(keyword, ())]

    def _parts(self, schema: Schema) -> Iterator[tuple[str, Any]]:
        for name, part in schema.get("properties", {}).items():
            yield property_step(name), part
        for pattern, part in schema.get("patternProperties", {}).items():
            yield pattern_step(pattern), part
        for step, keyword in (("{}", "additionalProperties"), ("[]", "items")):
            part = schema.get(keyword, True)
            if part not in (True, False, {}):
                yield step, part
        for index, part in enumerate(schema.get("prefixItems", ())):
            yield f"[{index}]", part
        parts = [*schema.get("allOf", ())]
        if "$ref" in schema and (target := self._target(schema["$ref"])) is not None:
            parts.append(target)
        for number, part in enumerate(parts, 1):
            yield f"&{number}", part
        for keyword in sorted(SUBSCHEMAS & schema.keys()):
            yield f"<{keyword}>", schema[keyword]


def _steps(reference: str) -> list[str]:
    """The keys of a JSON pointer (RFC 6901) in a reference to the document itself.

    Raises:
        ValueError: It is another one.
    """
    if reference == "#":
        return []
    if not reference.startswith("#/"):
        raise ValueError(reference)
    return [part.replace("~1", "/").replace("~0", "~") for part in reference[2:].split("/")]


def facts_of(schema: Schema) -> dict[str, Json]:
    """What a schema by itself asks of a value."""
    facts: dict[str, Json] = {
        key: plain(schema[key])
        for key in sorted(CONSTRAINTS & schema.keys())
        if is_bound(key, schema[key]) and schema[key] is not False
    }
    if schema.get("additionalProperties") is False:
        facts["additionalProperties"] = False
    if schema.get("items") is False:
        facts["items"] = False
    values = distinct([schema["const"]] if "const" in schema else schema.get("enum", ()))
    if values:
        facts["enum"] = values
    types = _listed(schema.get("type")) or sorted({type_of(value) for value in values})
    if types:
        facts["type"] = types[0] if len(types) == 1 else sorted(types, key=str)
    return facts


def can_merge(choices: Sequence[Schema]) -> bool:
    """Whether several schemas say the same as one: each is about types that no other is about."""
    if len(choices) == 1:
        return True
    facts = [facts_of(choice) for choice in choices]
    if any(_WHOLE & choice.keys() for choice in choices) or not all(
        "type" in each for each in facts
    ):
        return False
    if any("enum" in each for each in facts):
        # Enumerations, and `null` beside them, are one enumeration; beside any other type they are not.
        return all("enum" in each or each == {"type": "null"} for each in facts)
    types = [name for each in facts for name in types_of(each)]
    # What bounds a number bounds an integer as well.
    numbers = [each for each in facts if {"integer", "number"} & {*types_of(each)}]
    alike = len(numbers) < 2 or all(each.keys() == {"type"} for each in numbers)
    return alike and len(types) == len(set(types))


def types_of(facts: Mapping[str, Json]) -> list[str]:
    """The names of the types that values may have; none where every type fits."""
    return [str(name) for name in _listed(facts.get("type")) if name in TYPES]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return [*value] if isinstance(value, list | tuple) else [value]
