"""What clients are told of an App that was put together by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pikku_core.codegen.schema.describe import describe_type
from pikku_core.runtime.records import NO_DATA
from pikku_mcp.content import CONTENTS
from pikku_mcp.listing import tool_row
from pikku_mcp.wiring import McpTool

if TYPE_CHECKING:
    from pikku_core import App
    from pikku_mcp.listing import Schema


def described(app: App) -> dict[str, dict[str, Schema]]:
    """The rows of an App's tools, by wiring; as `pikku` writes them."""
    tools: dict[str, Schema] = {}
    for handle in app.wirings("mcp", McpTool):
        wiring, record = handle.load(), app.record(handle.function)
        config, result = record.config, record.result.type
        is_silent = result is type(None) or _is_content(result)
        tools[handle.id] = tool_row(
            wiring.name,
            title=wiring.title or config.title or "",
            description=wiring.description or config.description or _doc(record.func),
            data=None if record.data is None else _schema(record.data.type, "validation"),
            optional=record.default is not NO_DATA,
            result=None if is_silent else _schema(result, "serialization"),
            hints={
                "readOnlyHint": _first(wiring.readonly, config.readonly or None),
                "destructiveHint": _first(wiring.destructive, config.destructive),
                "idempotentHint": _first(wiring.idempotent, config.idempotent),
                "openWorldHint": wiring.open_world,
            },
        )
    return {"tools": tools}


def _schema(type_: Any, mode: Any) -> Schema:
    schema: Schema = describe_type(type_, (mode,))["schemas"][mode]
    return schema


def _is_content(type_: Any) -> bool:
    return type_ in CONTENTS or any(_is_content(one) for one in get_args(type_))


def _doc(func: Any) -> str:
    import inspect

    return inspect.getdoc(func) or ""


def _first(said: bool | None, otherwise: bool | None) -> bool | None:
    return otherwise if said is None else said
