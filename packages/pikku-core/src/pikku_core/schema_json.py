"""Validators that take what the JSON Schema of a type says, and nothing beside it.

Pydantic reads more than that unless it is told otherwise: `"5"` for an integer, `0` for false, a number for a date; and
`1e999` becomes an infinity, which JSON does not have. What is meant is said in a copy of the type's core schema: the
validator that comes of it is as fast as the type's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from pydantic_core import SchemaValidator, from_json, to_json

from pikku_core.schema_text import UNREAD, is_schema, parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import TypeAdapter, ValidationError
    from pydantic.plugin._schema_validator import PluggableSchemaValidator

    from pikku_core.schema_text import Schema

STRICT: Final = frozenset({"bool", "float", "int", "lax-or-strict", "time", "timedelta"})
"""What pydantic makes of other JSON values too where it is not strict."""

DATES: Final = {
    "date": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "datetime": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]",
}
"""What dates look like: pydantic takes a number, or text that is one, for seconds since 1970, and an underline for the `T`.

A time without an offset passes, which RFC 3339 has not: it is what a naive `datetime` is written as.
"""

EXACT: Final = 2.0**53

Place: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys and positions."""

# Keys are text whatever they stand for.
PASSED_OVER: Final = UNREAD | {"config", "keys_schema"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What is said of the leaves of a part of a schema.

    Attributes:
        text: Whether it holds text, such as that of a query string, which stands for other values.
        texts: The ids of parts that do.
        lenient: Whether the type says `strict=False`.
        infinite: Whether the type says `allow_inf_nan=True`.
    """

    text: bool = False
    texts: frozenset[int] = frozenset()
    lenient: bool = False
    infinite: bool = False

    def within(self, part: Schema) -> Rules:
        """The rules inside a part, which may have a configuration of its own."""
        rules = replace(self, text=True) if id(part) in self.texts else self
        config: dict[str, Any] | None = part.get("config")
        if config is None:
            return rules
        lenient = rules.lenient or config.get("strict") is False
        return replace(rules, lenient=lenient, infinite=config.get("allow_inf_nan", False))


def reading_validator(
    adapter: TypeAdapter[Any], rules: Rules
) -> SchemaValidator | PluggableSchemaValidator:
    """The type's validator for data that comes from outside.

    JSON values are not converted and no float is infinite, unless the type says `strict=False` or `allow_inf_nan=True`. What
    is declared as `Any` is not looked into. A validator that somebody's pydantic plugin stands round is left alone.
    """
    validator = adapter.validator
    schema: Schema = adapter.core_schema
    concerns = any(is_schema(part) and is_concerned(part) for part in parts(schema))
    if not concerns or not isinstance(validator, SchemaValidator):
        return validator
    # A model's own validator is otherwise put in the place of what its schema says here.
    return SchemaValidator(ruled(schema, rules), _use_prebuilt=False)


def is_concerned(part: Schema) -> bool:
    """Whether the rules say something of a part."""
    return part["type"] in STRICT or part["type"] in DATES or holds_integers(part)


def holds_integers(part: Schema) -> bool:
    """Whether a part is a choice of integers; pydantic takes true for 1 there, and text for what it spells."""
    if part["type"] == "literal":
        return all(type(value) is int for value in part["expected"])
    return part["type"] == "enum" and part.get("sub_type") == "int"


def ruled(value: Any, rules: Rules) -> Any:
    """A copy of a core schema, or of what is in it, whose leaves follow the rules unless they say otherwise."""
    if isinstance(value, list | tuple):
        members = [ruled(each, rules) for each in cast("list[Any]", value)]
        return members if isinstance(value, list) else tuple(members)
    if not isinstance(value, dict):
        return value
    part = cast("dict[str, Any]", value)
    if not is_schema(part):
        return {key: ruled(inner, rules) for key, inner in part.items()}
    rules = rules.within(part)
    copied = {
        key: inner if key in PASSED_OVER else ruled(inner, rules) for key, inner in part.items()
    }
    return leaf(copied, rules)


def leaf(part: dict[str, Any], rules: Rules) -> dict[str, Any]:
    """A part that follows the rules."""
    kind: str = part["type"]
    if kind == "float":
        part.setdefault("allow_inf_nan", rules.infinite)
    if rules.lenient or part.get("strict") is False:
        return part
    if kind in DATES:
        return dated(part)
    if rules.text:
        return part
    if kind in STRICT:
        part["strict"] = True
    elif holds_integers(part):
        return {"type": "chain", "steps": [{"type": "int", "strict": True}, part]}
    return part


def dated(part: dict[str, Any]) -> dict[str, Any]:
    """A date, or one with a time, of text that looks like one."""
    text = {"type": "str", "strict": True, "pattern": DATES[part["type"]]}
    dated_text = {
        "type": "custom-error",
        "schema": text,
        "custom_error_type": f"{part['type']}_type",
    }
    return {"type": "chain", "steps": [dated_text, {**part, "strict": False}]}


def missed_integers(error: ValidationError) -> list[Place]:
    """The places where an integer was wanted and a number without a fraction stands.

    `1.0` and `1` are one number, and an integer, to JSON Schema; to a strict validator they are not.
    """
    return [
        fault["loc"]
        for fault in error.errors(include_url=False, include_context=False)
        if fault["type"] == "int_type" and is_whole(fault["input"])
    ]


def with_integers(text: bytes, places: Iterable[Place]) -> bytes:
    """A JSON text whose numbers at some places are spelt as integers; all others stay as they are."""
    holder = [from_json(text)]
    for place in places:
        spell_integer(holder, 0, place)
    return to_json(holder[0], inf_nan_mode="constants")


def spell_integer(holder: Any, key: str | int, place: Place) -> bool:
    """Makes an integer of the number at a place inside `holder[key]`; returns whether there was one.

    Of a union a place names the choice too, which is no way into the value.
    """
    value: Any = holder[key]
    if is_whole(value):
        holder[key] = int(value)
        return True
    return any(
        has(value, step) and spell_integer(value, step, place[count:])
        for count, step in enumerate(place, 1)
    )


def has(value: Any, step: str | int) -> bool:
    """Whether a parsed JSON value has something under a key or at a position."""
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(cast("Any", value))


def is_whole(value: object) -> bool:
    """Whether a number is an integer spelt as another one, and for sure the one that was sent: beyond 2**53 floats have gaps."""
    return isinstance(value, float) and value.is_integer() and abs(value) < EXACT
