"""`mcp/mcp.gen.json`: all that clients are told, so that a server needs to describe no type when it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pikku_core.codegen.json_text import json_text
from pikku_core.plugin import GeneratedFile
from pikku_core.plugin.spelling import modules_of
from pikku_mcp.listing import PATH, choices_of, prompt_row, resource_row, tool_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import FunctionModel, Project, WiringModel
    from pikku_core.plugin.model import Json
    from pikku_mcp.listing import Schema


def render_listing(project: Project) -> Iterator[GeneratedFile]:
    """What the server is called, and the rows of its tools, resources and prompts, by wiring."""
    metadata, settings = project.metadata, project.settings.get("mcp", {})
    listing: dict[str, Any] = {
        "server": {
            "name": settings.get("name") or metadata.get("name") or "pikku",
            "version": metadata.get("version") or "0",
        },
        "talks": _talks(project),
    }
    if description := metadata.get("description"):
        listing["server"]["description"] = description
    rows = {"tool": _tool, "resource": _resource, "prompt": _prompt}
    for type_, row in rows.items():
        wirings = [
            one for one in project.wirings if one.kind == "mcp" and one.meta["type"] == type_
        ]
        found = {one.id: row(project, one) for one in sorted(wirings, key=lambda one: one.id)}
        if found:
            listing[f"{type_}s"] = found
    yield GeneratedFile(path=PATH, content=json_text(cast("Json", listing)))


def _talks(project: Project) -> bool:
    """Whether anything of the project can tell or ask a client something while a call runs."""
    functions, others = project.functions.values(), project.callables.values()
    parameters = [one for each in functions for one in each.parameters]
    parameters += [one for each in others for one in each.parameters]
    parameters += [one for each in project.services.values() for one in each.parameters]
    return any(one.provider == "mcp" for one in parameters)


def _tool(project: Project, wiring: WiringModel) -> Schema:
    function = project.functions[wiring.function]
    result = project.result_type(function.id)
    gives_content = function.result is not None and any(
        module.partition(".")[0] == "pikku_mcp" for module in modules_of(function.result)
    )
    meta = wiring.meta
    is_silent = gives_content or result is None or result.output_schema == {"type": "null"}
    return tool_row(
        str(meta["name"]),
        **_texts(wiring, function),
        data=_data(project, function),
        optional=function.data_optional,
        result=None if is_silent or result is None else cast("Schema", result.output_schema),
        hints={
            "readOnlyHint": _hint(wiring, "readonly", function.readonly or None),
            "destructiveHint": _hint(wiring, "destructive", function.destructive),
            "idempotentHint": _hint(wiring, "idempotent", function.idempotent),
            "openWorldHint": _hint(wiring, "open_world", None),
        },
    )


def _resource(project: Project, wiring: WiringModel) -> Schema:
    function, meta = project.functions[wiring.function], wiring.meta
    return resource_row(
        str(meta["uri"]),
        name=str(meta["name"] or function.base),
        **_texts(wiring, function),
        mime_type=str(meta["mime_type"]),
        size=cast("int | None", meta.get("size")),
    )


def _prompt(project: Project, wiring: WiringModel) -> Schema:
    function = project.functions[wiring.function]
    data = _data(project, function)
    row = prompt_row(
        str(wiring.meta["name"]),
        **_texts(wiring, function),
        data=data,
        optional=function.data_optional,
    )
    return row | ({"choices": choices} if (choices := choices_of(data)) else {})


def _texts(wiring: WiringModel, function: FunctionModel) -> dict[str, str]:
    return {
        "title": str(wiring.meta.get("title") or function.title),
        "description": str(wiring.meta.get("description") or function.description),
    }


def _data(project: Project, function: FunctionModel) -> Schema | None:
    data = project.data_type(function.id)
    return None if data is None else cast("Schema", data.input_schema)


def _hint(wiring: WiringModel, name: str, otherwise: bool | None) -> bool | None:
    said = wiring.meta.get(name)
    return otherwise if said is None else bool(said)
