"""What clients are told of an App that was put together by hand."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, get_args

from pikku_core.codegen.schema.describe import describe_type
from pikku_core.runtime.records import NO_DATA
from pikku_mcp.content import CONTENTS
from pikku_mcp.listing import choices_of, prompt_row, resource_row, tool_row
from pikku_mcp.prompt_wiring import McpPrompt
from pikku_mcp.resource_wiring import McpResource
from pikku_mcp.wiring import McpTool

if TYPE_CHECKING:
    from pikku_core import App, Wiring
    from pikku_core.runtime import FunctionRecord
    from pikku_mcp.listing import Schema


def described(app: App) -> dict[str, Any]:
    """The rows of an App's tools, resources and prompts, by wiring; as `pikku` writes them."""
    listing: dict[str, Any] = {
        "server": {"name": "pikku", "version": "0"},
        "talks": _talks(app),
    }
    for handle in app.wirings("mcp"):
        wiring, record = handle.load(), app.record(handle.function)
        if isinstance(wiring, McpTool):
            listing.setdefault("tools", {})[handle.id] = _tool(wiring, record)
        elif isinstance(wiring, McpResource):
            listing.setdefault("resources", {})[handle.id] = _resource(wiring, record)
        elif isinstance(wiring, McpPrompt):
            listing.setdefault("prompts", {})[handle.id] = _prompt(wiring, record)
    return listing


def schema_of(type_: Any, mode: Any = "validation") -> Schema:
    """The JSON Schema of a type."""
    schema: Schema = describe_type(type_, (mode,))["schemas"][mode]
    return schema


def _talks(app: App) -> bool:
    """Whether a function, or middleware, which cannot be told, may tell a client something while a call runs."""
    records = [app.record(function) for function in app.functions()]
    wirings = [handle.load() for handle in app.wirings("mcp")]
    may_be_middleware = (
        app.declarations("middleware")
        or app.declarations("mcp")
        or any(one.config.middleware or one.config.permissions for one in records)
        or any(one.middleware or one.permissions for one in wirings)
    )
    return bool(may_be_middleware) or any("mcp" in one.needs.parameters.values() for one in records)


def _tool(wiring: McpTool, record: FunctionRecord) -> Schema:
    config, result = record.config, record.result.type
    is_silent = result is type(None) or _is_content(result)
    return tool_row(
        wiring.name,
        **_texts(wiring, record),
        data=_data(record),
        optional=record.default is not NO_DATA,
        result=None if is_silent else schema_of(result, "serialization"),
        hints={
            "readOnlyHint": _first(wiring.readonly, config.readonly or None),
            "destructiveHint": _first(wiring.destructive, config.destructive),
            "idempotentHint": _first(wiring.idempotent, config.idempotent),
            "openWorldHint": wiring.open_world,
        },
    )


def _resource(wiring: McpResource, record: FunctionRecord) -> Schema:
    return resource_row(
        wiring.uri,
        name=wiring.name or record.id,
        **_texts(wiring, record),
        mime_type=wiring.mime_type,
        size=wiring.size,
    )


def _prompt(wiring: McpPrompt, record: FunctionRecord) -> Schema:
    data, optional = _data(record), record.default is not NO_DATA
    row = prompt_row(wiring.name, **_texts(wiring, record), data=data, optional=optional)
    return row | ({"choices": choices} if (choices := choices_of(data)) else {})


def _texts(wiring: Wiring, record: FunctionRecord) -> dict[str, str]:
    said = {name: str(getattr(wiring, name, "")) for name in ("title", "description")}
    documented = record.config.description or inspect.getdoc(record.func) or ""
    return {
        "title": said["title"] or record.config.title or "",
        "description": said["description"] or documented,
    }


def _data(record: FunctionRecord) -> Schema | None:
    return None if record.data is None else schema_of(record.data.type)


def _is_content(type_: Any) -> bool:
    return type_ in CONTENTS or any(_is_content(one) for one in get_args(type_))


def _first(said: bool | None, otherwise: bool | None) -> bool | None:
    return otherwise if said is None else said
