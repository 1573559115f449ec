"""From call sites to wirings: `wire_mcp_tool` and its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_mcp.prompt_wiring import completion_id, prompt_id
from pikku_mcp.resource_wiring import paths_problem, resource_id
from pikku_mcp.uri import uri_problem
from pikku_mcp.wiring import HINTS, name_problem, tool_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.plugin import CallSite, DeclarationModel, Diagnostic, Json


def read_tool(site: CallSite) -> Sequence[DeclarationModel | Diagnostic]:
    """Reads a `wire_mcp_tool` call."""
    name = site.literal("name", str)
    problem = name_problem("tool", name)
    if problem:
        return [site.diagnostic("PKU960", problem)]
    meta: dict[str, Json] = {"type": "tool", "name": name}
    meta |= _texts(site, "title", "description")
    for hint in HINTS:
        if hint in site.arguments:
            meta[hint] = site.literal(hint, bool)
    return [site.wiring(kind="mcp", id=tool_id(name), meta=meta)]


def read_resource(site: CallSite) -> Sequence[DeclarationModel | Diagnostic]:
    """Reads a `wire_mcp_resource` call."""
    uri = site.literal("uri", str)
    paths = site.literals("paths")
    problem = uri_problem(uri) or paths_problem(uri, paths)
    if problem:
        return [site.diagnostic("PKU961", problem)]
    texts = _texts(site, "name", "title", "description", "mime_type")
    meta: dict[str, Json] = {"type": "resource", "uri": uri, **texts}
    if "size" in site.arguments:
        meta["size"] = site.literal("size", int)
    return [site.wiring(kind="mcp", id=resource_id(uri), meta=meta)]


def read_prompt(site: CallSite) -> Sequence[DeclarationModel | Diagnostic]:
    """Reads a `wire_mcp_prompt` call."""
    name = site.literal("name", str)
    problem = name_problem("prompt", name)
    if problem:
        return [site.diagnostic("PKU960", problem)]
    meta: dict[str, Json] = {"type": "prompt", "name": name}
    meta |= _texts(site, "title", "description")
    return [site.wiring(kind="mcp", id=prompt_id(name), meta=meta)]


def read_completion(site: CallSite) -> Sequence[DeclarationModel | Diagnostic]:
    """Reads a `wire_mcp_completion` call."""
    of, argument = site.literal("of", str), site.literal("argument", str)
    meta: dict[str, Json] = {"type": "completion", "of": of, "argument": argument}
    return [site.wiring(kind="mcp", id=completion_id(of, argument), meta=meta)]


def read_middleware(site: CallSite) -> Sequence[DeclarationModel | Diagnostic]:
    """Reads an `mcp_middleware` call."""
    return [site.declaration(kind="mcp", id="mcp:middleware", meta={"type": "middleware"})]


def _texts(site: CallSite, *options: str) -> dict[str, Json]:
    return {option: site.literal(option, str, "") for option in options}
