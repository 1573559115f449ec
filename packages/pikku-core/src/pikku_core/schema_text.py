"""Text as values: what a path, a query or a form gives, converted by the fields of a pydantic core schema.

Pydantic's lax mode understands most text by itself. What it does not (a strict model, `Literal[1]`, an enum of numbers,
one text for a list) is converted here to the JSON value that the text stands for; text that stands for none stays
text, and the type's own validation says what is wrong with it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias, cast

Schema: TypeAlias = Mapping[str, Any]
"""A pydantic core schema, or a part of one."""

Convert: TypeAlias = Callable[[Any], Any]

INTEGER = re.compile(r"[+-]?[0-9]{1,4000}", re.ASCII)
BOOLEANS = {
    **dict.fromkeys(("1", "on", "t", "true", "y", "yes"), True),
    **dict.fromkeys(("0", "off", "f", "false", "n", "no"), False),
}

# Validating a parsed JSON value of these in Python mode is the same as validating its text.
SAME_AS_JSON = frozenset(
    {
        *(
            "any",
            "bool",
            "date",
            "datetime",
            "enum",
            "float",
            "int",
            "literal",
            "none",
            "str",
            "uuid",
        ),
        *("dict", "list", "nullable", "default", "definitions", "definition-ref"),
        *("model", "model-fields", "model-field", "typed-dict", "typed-dict-field"),
        *("dataclass", "dataclass-args", "dataclass-field"),
    }
)
WRAPPERS = frozenset(
    {"default", "function-after", "model-field", "typed-dict-field", "dataclass-field", "nullable"}
)
UNREAD = frozenset({"metadata", "serialization", "default", "cls"})
SEQUENCES = frozenset({"frozenset", "list", "set", "tuple"})


@dataclass(frozen=True, slots=True)
class TextField:
    """A field as text sources see it.

    Attributes:
        keys: The keys that it is accepted under, in order of preference.
        schema: The core schema of its value.
    """

    keys: tuple[str, ...]
    schema: Schema


class CoreSchema:
    """A core schema with its definitions at hand."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._definitions: dict[str, Schema] = {}
        if schema["type"] == "definitions":
            self._definitions = {each["ref"]: each for each in schema["definitions"]}

    def resolve(self, schema: Schema) -> Schema:
        """The schema itself for a reference to one."""
        while schema["type"] in {"definitions", "definition-ref"}:
            schema = (
                schema["schema"]
                if schema["type"] == "definitions"
                else self._definitions[schema["schema_ref"]]
            )
        return schema

    def is_strict(self) -> bool:
        """Whether anything in it is strict."""
        return any(part.get("strict") is True for part in parts(self.schema))

    def is_same_in_python(self, texts: frozenset[int]) -> bool:
        """Whether a parsed JSON value can be validated as it is, without going through text again.

        Args:
            texts: The ids of parts that hold text, which does not come from JSON.
        """
        return all(
            part["type"] in SAME_AS_JSON and "function" not in part
            for part in parts(self.schema, but=texts)
            if is_schema(part)
        )

    def holding(self, text: frozenset[str]) -> frozenset[int]:
        """The ids of the schemas of fields that are known by one of these keys."""
        fields = (self.fields() or {}).items()
        return frozenset(id(field.schema) for name, field in fields if text & {name, *field.keys})

    def fields(self) -> Mapping[str, TextField] | None:
        """The fields of a model, dataclass or TypedDict, by name; None for any other type."""
        schema, config = self.resolve(self.schema), dict[str, Any]()
        while schema["type"] in {"model", "dataclass"} or schema["type"].startswith("function-"):
            config = {**config, **schema.get("config", {})}
            if schema.get("root_model") or "schema" not in schema:
                return None
            schema = self.resolve(schema["schema"])
        config = {**config, **schema.get("config", {})}
        if schema["type"] in {"model-fields", "typed-dict"}:
            named = list(schema["fields"].items())
        elif schema["type"] == "dataclass-args":
            named = [(part["name"], part) for part in schema["fields"] if part.get("init", True)]
        else:
            return None
        return {name: TextField(keys(name, part, config), part["schema"]) for name, part in named}

    def converter(self, schema: Schema, *, strict: bool) -> Convert | None:
        """What turns the text of a field into a JSON value; None where validation takes the text as it is."""
        schema = self.resolve(schema)
        kind = schema["type"]
        if kind in WRAPPERS:
            return self.converter(schema["schema"], strict=strict)
        if kind == "union":
            return self._union(schema, strict=strict)
        if kind in SEQUENCES:
            return self._sequence(schema, strict=strict)
        if kind in {"literal", "enum"}:
            return one_of(schema["expected"] if kind == "literal" else schema["members"])
        return {"int": to_int, "float": to_float, "bool": to_bool}.get(kind) if strict else None

    def _union(self, schema: Schema, *, strict: bool) -> Convert | None:
        choices = [unlabelled(choice) for choice in schema["choices"]]
        if any(self.resolve(choice)["type"] == "str" for choice in choices):
            return None
        converters = [self.converter(choice, strict=strict) for choice in choices]
        return first_of([convert for convert in converters if convert is not None])

    def _sequence(self, schema: Schema, *, strict: bool) -> Convert:
        items: Any = schema.get("items_schema")
        if schema["type"] == "tuple":
            # Only `tuple[T, ...]`: the positions of a fixed one have types of their own.
            items = items[0] if len(items) == 1 and "variadic_item_index" in schema else None
        return each_of(None if items is None else self.converter(items, strict=strict))


def unlabelled(choice: Any) -> Schema:
    """A choice of a union, which may come as a pair with its label."""
    return cast("Schema", choice[0] if isinstance(choice, tuple) else choice)


def is_schema(part: Mapping[str, Any]) -> bool:
    """Whether a dict inside a core schema is itself a schema, and not a function, a config or metadata."""
    return isinstance(part.get("type"), str) and part["type"] not in {"no-info", "with-info"}


def parts(value: object, *, but: frozenset[int] = frozenset()) -> Iterator[Schema]:
    """All dicts of a core schema, itself first; what validates nothing is left out.

    Args:
        but: The ids of those that are left out too, with all that is in them.
    """
    if isinstance(value, dict):
        part = cast("Schema", value)
        if id(part) in but:
            return
        yield part
        # A mapping of fields may have such keys too: names that the user chose.
        passed_over = UNREAD if is_schema(part) else frozenset[str]()
        for key, inner in part.items():
            if key not in passed_over:
                yield from parts(inner, but=but)
    elif isinstance(value, list | tuple):
        for inner in cast("Sequence[object]", value):
            yield from parts(inner, but=but)


def keys(name: str, field: Schema, config: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys that a field is accepted under."""
    alias = field.get("validation_alias")
    if alias is None or config.get("validate_by_alias") is False:
        return (name,)
    paths = [[alias]] if isinstance(alias, str) else [alias] if isinstance(alias[0], str) else alias
    found = [path[0] for path in paths if len(path) == 1]
    if config.get("validate_by_name") or config.get("populate_by_name"):
        found.append(name)
    return tuple(dict.fromkeys(found))


def to_int(text: Any) -> Any:
    """The integer that a text stands for, else the text."""
    return int(text) if isinstance(text, str) and INTEGER.fullmatch(text) else text


def to_float(text: Any) -> Any:
    """The finite number that a text stands for, else the text."""
    if not isinstance(text, str):
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def to_bool(text: Any) -> Any:
    """The truth value that a text stands for in pydantic's lax mode, else the text."""
    return BOOLEANS.get(text.lower(), text) if isinstance(text, str) else text


def one_of(values: Sequence[Any]) -> Convert | None:
    """Converts to the value that is written as the text; None where all are text anyway."""
    plain = [value.value if isinstance(value, Enum) else value for value in values]
    written = {"true" if v is True else "false" if v is False else str(v): v for v in plain}
    written.update({value: value for value in plain if isinstance(value, str)})
    if all(isinstance(value, str) for value in plain):
        return None
    return lambda text: written.get(text, text) if isinstance(text, str) else text


def first_of(converters: Sequence[Convert]) -> Convert | None:
    """Converts by the first that makes something else of the text."""
    if not converters:
        return None

    def convert(text: Any) -> Any:
        return next((new for each in converters if (new := each(text)) is not text), text)

    return convert


def each_of(item: Convert | None) -> Convert:
    """Converts every text of a repeated one; a single one becomes a list."""

    def convert(text: Any) -> Any:
        texts = cast("Sequence[Any]", text) if isinstance(text, list) else (text,)
        return list(texts) if item is None else [item(each) for each in texts]

    return convert
