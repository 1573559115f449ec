"""The diagnostics of MCP."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import DiagnosticCode

_ADD = """\
from pikku_core import pikku_sessionless_func
from pikku_mcp import wire_mcp_tool

@pikku_sessionless_func
async def add() -> int:
    return 1

"""

CODES: Final = (
    DiagnosticCode(
        code="PKU960",
        title="The name of a tool is not well-formed",
        explanation=(
            "A tool is called by letters, digits, `_`, `-` and `.`, 128 of them at most: that is what the protocol lets every "
            "client rely on."
        ),
        example=_ADD + 'wire_mcp_tool(name="add one", func=add)\n',
        mended=_ADD + 'wire_mcp_tool(name="add-one", func=add)\n',
    ),
)
