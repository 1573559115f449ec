"""From call sites to wirings: `wire_mcp_tool`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_mcp.wiring import name_problem, tool_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.plugin import CallSite, DeclarationModel, Diagnostic


def read_tool(site: CallSite) -> Sequence[DeclarationModel | Diagnostic]:
    """Reads a `wire_mcp_tool` call."""
    name = site.literal("name", str)
    problem = name_problem(name)
    if problem:
        return [site.diagnostic("PKU960", problem)]
    return [site.wiring(kind="mcp", id=tool_id(name), meta={"type": "tool", "name": name})]
