"""What clients are told of tools: the rows of `mcp/mcp.gen.json`, in the protocol's own spelling."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

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
    """A tool as `tools/list` answers it.

    Args:
        data: The schema of the function's data; None where it takes none.
        optional: Whether it may be left out.
        result: The schema of its structured content; None where there is none.
        hints: `readOnlyHint` and the like; None says nothing.
    """
    said = {key: value for key, value in hints.items() if value is not None}
    row: Schema = {"name": name}
    if title:
        row["title"] = title
    if description:
        row["description"] = description
    row["inputSchema"] = _input(data, optional=optional)
    if result is not None:
        row["outputSchema"] = result if is_object(result) else wrapped(result)
    if said:
        row["annotations"] = said
    return row


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
