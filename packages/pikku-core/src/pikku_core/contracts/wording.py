"""Shapes and what is different about them, in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from pikku_core.contracts.keywords import TYPES, distinct
from pikku_core.contracts.paths import is_property

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.contracts.shape import Shape
    from pikku_core.plugin.model import Json


def types_in(shape: Shape) -> set[str]:
    """The types that a shape names."""
    found = shape.facts.get("type")
    names = cast("Iterable[str]", [found] if isinstance(found, str) else found or ())
    return {*names}


def widened(types: set[str]) -> set[str]:
    """The types whose values fit: all where none is named, integers where numbers do."""
    if not types:
        return {*TYPES}
    return types | {"integer"} if "number" in types else types


def values_of(shape: Shape) -> list[Json] | None:
    """The values that fit where they are listed."""
    found = shape.facts.get("enum")
    return distinct(found) if isinstance(found, list) else None


def kind_of(shape: Shape) -> str:
    """A shape in a few words: `string`, `integer or null`, `object with kind "cat" or null`."""
    if shape.choices:
        return " or ".join(map(kind_of, shape.choices))
    values, types = values_of(shape), sorted(types_in(shape) - {"null"})
    if values is not None and len(values) == 1:
        return listed(values)
    if named := marks_of(shape):
        types = [f"{name} with {named}" if name == "object" else name for name in types]
    return " or ".join([*types, *sorted(types_in(shape) & {"null"})]) or "anything"


def marks_of(shape: Shape) -> str:
    """What tells an object from the others in a choice: the properties that have one value."""
    told: list[str] = []
    for step in sorted(filter(is_property, shape.edges)):
        values = values_of(shape.edges[step])
        if values is not None and len(values) == 1:
            told.append(f"{step.removeprefix('.')} {listed(values)}")
    return ", ".join(told)


def said(key: str, value: Json) -> str:
    """A constraint: `maxLength 40`; empty where there is none."""
    if value is True:
        return key
    return "" if value is None else f"{key} {json.dumps(value, ensure_ascii=False)}"


def sentence(key: str, was: Json, now: Json) -> str:
    """What became of a constraint: `maxLength was 40, is 20`."""
    if was is None:
        return f"{said(key, now)} now"
    if now is None:
        return f"no {said(key, was)} any more"
    return (
        f"{key} was {json.dumps(was, ensure_ascii=False)}, is {json.dumps(now, ensure_ascii=False)}"
    )


def listed(values: Iterable[Json]) -> str:
    """Values as JSON."""
    return ", ".join(json.dumps(value, ensure_ascii=False) for value in values)
