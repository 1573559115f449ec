"""From call sites to wirings: `wire_mcp_tool`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_mcp.wiring import HINTS, name_problem, tool_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.plugin import CallSite, DeclarationModel, Diagnostic, Json


def read_tool(site: CallSite) -> Sequence[DeclarationModel | Diagnostic]:
    """Reads a `wire_mcp_tool` call."""
    name = site.literal("name", str)
    problem = name_problem(name)
    if problem:
        return [site.diagnostic("PKU960", problem)]
    meta: dict[str, Json] = {"type": "tool", "name": name}
    for text in ("title", "description"):
        meta[text] = site.literal(text, str, "")
    for hint in HINTS:
        if hint in site.arguments:
            meta[hint] = site.literal(hint, bool)
    return [site.wiring(kind="mcp", id=tool_id(name), meta=meta)]
