"""The keywords of JSON Schema (2020-12) that say which values fit; all others are for people and left out."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pikku_core.plugin.model import Json

CONCERNED: Final[dict[str, frozenset[str]]] = {
    "array": frozenset(
        {"items", "maxContains", "maxItems", "minContains", "minItems", "uniqueItems"}
    ),
    "number": frozenset(
        {"exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"}
    ),
    "object": frozenset(
        {"additionalProperties", "dependentRequired", "maxProperties", "minProperties"}
    ),
    "string": frozenset(
        {"contentEncoding", "contentMediaType", "format", "maxLength", "minLength", "pattern"}
    ),
}
"""The type of the values that a constraint is about; it says nothing of others."""

MORE_IS_TIGHTER: Final = frozenset(
    {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"}
)
LESS_IS_TIGHTER: Final = frozenset(
    {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"}
)
CONSTRAINTS: Final = (
    MORE_IS_TIGHTER
    | LESS_IS_TIGHTER
    | {
        "contentEncoding",
        "contentMediaType",
        "dependentRequired",
        "format",
        "multipleOf",
        "pattern",
    }
    | {"uniqueItems"}
)
"""Keywords whose value is no schema and that a value must meet; `type`, `enum` and `const` are read by themselves."""

SUBSCHEMAS: Final = frozenset(
    {"contains", "contentSchema", "else", "if", "not", "propertyNames", "then"}
    | {"unevaluatedItems", "unevaluatedProperties"}
)
"""Keywords whose value is a schema, besides those of properties and items."""

_TYPE_NAMES: Final[dict[type, str]] = {
    bool: "boolean",
    dict: "object",
    float: "number",
    int: "integer",
    list: "array",
    str: "string",
    type(None): "null",
}
TYPES: Final = frozenset(_TYPE_NAMES.values())


class Effect(NamedTuple):
    """What a change does to the values that fit.

    Attributes:
        tighter: Whether some that did fit no longer do.
        looser: Whether some that did not fit now do.
    """

    tighter: bool
    looser: bool


def effect_of(keyword: str, was: Json, now: Json) -> Effect:
    """What it does that a constraint is another; None stands for no constraint."""
    if was is None or now is None:
        return Effect(tighter=was is None, looser=now is None)
    if isinstance(was, int | float) and isinstance(now, int | float):
        if keyword in MORE_IS_TIGHTER:
            return Effect(tighter=now > was, looser=now < was)
        if keyword in LESS_IS_TIGHTER:
            return Effect(tighter=now < was, looser=now > was)
    return Effect(tighter=True, looser=True)


def plain(value: Any) -> Any:
    """A value in the one form that equal values have: a whole float is an int, the keys of an object are sorted."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return {key: plain(table[key]) for key in sorted(table)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in cast("Sequence[Any]", value)]
    return value


def is_bound(keyword: str, value: Any) -> bool:
    """Whether a constraint keeps anything out: infinity as a maximum does not, nor a length of 0 or more."""
    if keyword in {"minItems", "minLength", "minProperties"} and value == 0:
        return False
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))


def canonical(value: Json) -> str:
    """The JSON text that equal values share."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def distinct(values: Iterable[Json]) -> list[Json]:
    """Values without those that come again, sorted by their JSON text."""
    found = {canonical(value): value for value in map(plain, values)}
    return [found[text] for text in sorted(found)]


def type_of(value: Json) -> str:
    """The JSON type of a value."""
    return _TYPE_NAMES[type(value)]
