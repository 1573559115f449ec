"""What clients are told: the rows of `mcp/mcp.gen.json`, in the protocol's own spelling."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pikku_mcp.uri import is_template

if TYPE_CHECKING:
    from collections.abc import Mapping

Schema: TypeAlias = dict[str, Any]

PATH: Final = "mcp/mcp.gen.json"
WRAPPED: Final = "result"
"""The property that holds a result which is no object: structured content is one up to revision 2025-11-25."""
NOTHING: Final[Schema] = {"type": "object", "additionalProperties": False}


def tool_row(
    name: str,
    *,
    title: str,
    description: str,
    data: Schema | None,
    optional: bool,
    result: Schema | None,
    hints: Mapping[str, bool | None],
) -> Schema:
    """A tool as `tools/list` answers it, and under `wrapped` whether its result is no object, and stands in one.

    Args:
        data: The schema of the function's data; None where it takes none.
        optional: Whether it may be left out.
        result: The schema of its structured content; None where there is none.
        hints: `readOnlyHint` and the like; None says nothing.
    """
    said = {key: value for key, value in hints.items() if value is not None}
    row: Schema = {"name": name} | _said(title=title, description=description)
    row["inputSchema"] = _input(data, optional=optional)
    if result is not None:
        row["outputSchema"] = result if is_object(result) else wrapped(result)
        row["wrapped"] = not is_object(result)
    if said:
        row["annotations"] = said
    return row


def resource_row(
    uri: str, *, name: str, title: str, description: str, mime_type: str, size: int | None
) -> Schema:
    """A resource as `resources/list` answers it, or `resources/templates/list`."""
    row: Schema = {"uriTemplate" if is_template(uri) else "uri": uri, "name": name}
    row |= _said(title=title, description=description, mimeType=mime_type)
    return row if size is None else row | {"size": size}


def prompt_row(
    name: str, *, title: str, description: str, data: Schema | None, optional: bool
) -> Schema:
    """A prompt as `prompts/list` answers it: its arguments are the properties of the data."""
    row: Schema = {"name": name} | _said(title=title, description=description)
    if data is not None:
        required = () if optional else properties_of(data)[1]
        row["arguments"] = [
            {"name": key}
            | _said(description=str(one.get("description", "")))
            | ({"required": True} if key in required else {})
            for key, one in properties_of(data)[0].items()
        ]
    return row


def choices_of(data: Schema | None) -> dict[str, list[str]]:
    """The values that the properties of some data may have, where those are few: of enums and literals."""
    if data is None:
        return {}
    found = {
        key: _choices(one, data.get("$defs", {})) for key, one in properties_of(data)[0].items()
    }
    return {key: values for key, values in found.items() if values}


def properties_of(schema: Schema) -> tuple[Mapping[str, Schema], tuple[str, ...]]:
    """The properties of an object, and the names of those that are required."""
    found = _resolved(schema)
    return found.get("properties", {}), tuple(found.get("required", ()))


def is_object(schema: Schema) -> bool:
    """Whether all that a schema allows is a JSON object."""
    found = _resolved(schema)
    return found.get("type") == "object"


def wrapped(schema: Schema, name: str = WRAPPED) -> Schema:
    """The schema of an object that holds such a value in one property."""
    inner = copy.copy(schema)
    definitions = inner.pop("$defs", None)
    outer: Schema = {
        "type": "object",
        "properties": {name: inner},
        "required": [name],
        "additionalProperties": False,
    }
    if definitions:
        outer["$defs"] = definitions
    return outer


def _said(**texts: str) -> Schema:
    return {key: text for key, text in texts.items() if text}


def _choices(schema: Schema, definitions: Mapping[str, Schema]) -> list[str]:
    reference = schema.get("$ref")
    if reference:
        return _choices(definitions[reference.removeprefix("#/$defs/")], definitions)
    if "anyOf" in schema:
        return [one for each in schema["anyOf"] for one in _choices(each, definitions)]
    if schema.get("type") == "boolean":
        return ["true", "false"]
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return [str(one) for one in values if one is not None]


def _input(data: Schema | None, *, optional: bool) -> Schema:
    if data is None:
        return NOTHING
    if is_object(data):
        found = dict(_resolved(data))
        found.pop("$defs", None)
        return found | ({"$defs": data["$defs"]} if "$defs" in data else {})
    schema = wrapped(data, "data")
    if optional:
        del schema["required"]
    return schema


def _resolved(schema: Schema) -> Schema:
    while reference := schema.get("$ref"):
        schema = {
            **schema["$defs"][reference.removeprefix("#/$defs/")],
            "$defs": schema["$defs"],
        }
    return schema
