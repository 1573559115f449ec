"""Uploads and raw bodies as the JSON Schema of a data type shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from pikku_http.http.openapi.components import keywords, resolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin import TypeModel
    from pikku_http.http.openapi.components import Schema

UPLOAD: Final = "x-content-types"
"""`pikku_http.http.bodies.upload.MARK`, which stands in a module that loads pydantic."""

STREAM: Final = "x-stream"
"""`pikku_http.http.bodies.stream.STREAM_MARK`."""

MAPS: Final = ("properties", "patternProperties", "$defs", "dependentSchemas")
LISTS: Final = ("anyOf", "oneOf", "allOf", "prefixItems")
SCHEMAS: Final = ("items", "additionalProperties", "contains", "not", "propertyNames")


@dataclass(frozen=True, slots=True)
class FormSchema:
    """What forms and raw bodies mean to a data type.

    Attributes:
        keys: What the schema calls each field, by its name and its aliases.
        uploads: What each field may be that takes uploads, by key: content types.
        raw: The keys of the fields that a whole body can go into.
        streamed: Those that are still arriving then.
        misplaced: Where there are uploads that no form can bring: `boxes.photo`.
        open: The keys of the fields that take anything, text too.
    """

    keys: Mapping[str, str]
    uploads: Mapping[str, tuple[str, ...]]
    raw: frozenset[str]
    streamed: frozenset[str]
    misplaced: tuple[str, ...]
    open: frozenset[str]


def form_schema(type_: TypeModel) -> FormSchema:
    """What forms and raw bodies mean to a data type with fields."""
    root: Schema = type_.input_schema
    top = keywords(resolved(root, root))
    properties: Mapping[str, Schema] = top.get("properties", {})
    uploads: dict[str, tuple[str, ...]] = {}
    misplaced: list[str] = []
    for key, schema in properties.items():
        single = without_null(schema)
        one = keywords(single.get("items", {})) if single.get("type") == "array" else single
        if UPLOAD in one:
            uploads[key] = tuple(one[UPLOAD])
        else:
            misplaced += [".".join((key, *path)) for path in _uploads(schema)]
    for name, schema in keywords(root).get("$defs", {}).items():
        if keywords(schema) != top:
            misplaced += [".".join((name, *path)) for path in _uploads(schema)]
    return FormSchema(
        field_keys(type_),
        uploads,
        frozenset(key for key, schema in properties.items() if is_raw(schema)),
        frozenset(key for key, schema in properties.items() if is_streamed(schema)),
        tuple(misplaced),
        frozenset(key for key, schema in properties.items() if takes_anything(schema)),
    )


def field_keys(type_: TypeModel) -> Mapping[str, str]:
    """What the schema of a data type calls each field, by its name and its aliases."""
    root: Schema = type_.input_schema
    properties = keywords(resolved(root, root)).get("properties", {})
    return {
        name: next((key for key in accepted if key in properties), accepted[0])
        # An alias comes before the name, as where the data is read.
        for accepted in ((*field.aliases, field.name) for field in type_.fields or ())
        for name in accepted
    }


def holds_upload(schema: Schema) -> bool:
    """Whether there is an upload in a schema, apart from what it refers to."""
    return next(_uploads(schema), None) is not None


def is_raw(schema: Schema) -> bool:
    """Whether a whole body, as it is, is such a value."""
    single = without_null(schema)
    is_bytes = single.get("type") == "string" and single.get("format") == "binary"
    return is_bytes or UPLOAD in single or STREAM in single


def is_streamed(schema: Schema) -> bool:
    """Whether such a value is a body that is still arriving."""
    return STREAM in without_null(schema)


def takes_anything(schema: Schema) -> bool:
    """Whether any value fits, or a list of any values: text too."""
    said = keywords(schema).keys() - {"title", "description", "default", "examples", "deprecated"}
    if keywords(schema).get("type") == "array":
        return takes_anything(keywords(schema).get("items", {}))
    return not said


def without_null(schema: Schema) -> dict[str, Schema]:
    """A schema without its choice of null."""
    document = keywords(schema)
    if "anyOf" not in document:
        return document
    choices = [choice for choice in document["anyOf"] if choice != {"type": "null"}]
    rest = {key: value for key, value in document.items() if key != "anyOf"}
    return {**keywords(choices[0]), **rest} if len(choices) == 1 else {**rest, "anyOf": choices}


def _uploads(schema: Schema) -> Iterator[tuple[str, ...]]:
    """The way to each upload in a schema."""
    found = keywords(schema)
    if UPLOAD in found:
        yield ()
    for name in MAPS:
        for key, inner in cast("Mapping[str, Any]", found.get(name, {})).items():
            for path in _uploads(inner):
                yield (key, *path)
    for inner in [
        *(one for name in LISTS for one in found.get(name, ())),
        *(found[name] for name in SCHEMAS if name in found),
    ]:
        yield from _uploads(inner)
