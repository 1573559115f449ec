"""`mcp/mcp.gen.json`: all that clients are told, so that a server needs to describe no type when it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pikku_core.codegen.json_text import json_text
from pikku_core.plugin import GeneratedFile
from pikku_core.plugin.spelling import modules_of
from pikku_mcp.listing import PATH, tool_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Project, WiringModel
    from pikku_mcp.listing import Schema


def render_listing(project: Project) -> Iterator[GeneratedFile]:
    """The tools, by wiring."""
    tools = [one for one in project.wirings if one.kind == "mcp" and one.meta["type"] == "tool"]
    rows = {one.id: _tool(project, one) for one in sorted(tools, key=lambda one: one.id)}
    yield GeneratedFile(path=PATH, content=json_text({"tools": rows}))


def _tool(project: Project, wiring: WiringModel) -> Schema:
    function = project.functions[wiring.function]
    data, result = project.data_type(function.id), project.result_type(function.id)
    gives_content = function.result is not None and any(
        module.partition(".")[0] == "pikku_mcp" for module in modules_of(function.result)
    )
    meta: dict[str, Any] = dict(wiring.meta)
    is_silent = gives_content or result is None or result.output_schema == {"type": "null"}
    readonly = meta.get("readonly")
    destructive, idempotent = meta.get("destructive"), meta.get("idempotent")
    return tool_row(
        str(meta["name"]),
        title=str(meta.get("title") or function.title),
        description=str(meta.get("description") or function.description),
        data=None if data is None else cast("Schema", data.input_schema),
        optional=function.data_optional,
        result=None if is_silent or result is None else cast("Schema", result.output_schema),
        hints={
            "readOnlyHint": (function.readonly or None) if readonly is None else readonly,
            "destructiveHint": function.destructive if destructive is None else destructive,
            "idempotentHint": function.idempotent if idempotent is None else idempotent,
            "openWorldHint": meta.get("open_world"),
        },
    )
