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
_PART = """\
from dataclasses import dataclass
from pikku_core import pikku_sessionless_func
from pikku_mcp import {}

@dataclass
class Part:
    slug: str

@pikku_sessionless_func
async def read_part(data: Part) -> str:
    return data.slug

"""
_RESOURCE = _PART.format("wire_mcp_resource")
_COMPLETION = (
    _PART.format("Typed, wire_mcp_completion, wire_mcp_prompt")
    + """\
@pikku_sessionless_func
async def complete_slug(data: Typed) -> list[str]:
    return [data.value]

wire_mcp_prompt(name="draft", func=read_part)
"""
)
_TEXT = """\
from pikku_core import pikku_sessionless_func
from pikku_mcp import wire_mcp_prompt

"""

CODES: Final = (
    DiagnosticCode(
        code="PKU960",
        title="The name of a tool or prompt is not well-formed",
        explanation=(
            "A tool is called by letters, digits, `_`, `-` and `.`, 128 of them at most: that is what the protocol lets every "
            "client rely on."
        ),
        example=_ADD + 'wire_mcp_tool(name="add one", func=add)\n',
        mended=_ADD + 'wire_mcp_tool(name="add-one", func=add)\n',
    ),
    DiagnosticCode(
        code="PKU961",
        title="The URI of a resource is not well-formed",
        explanation=(
            "A resource is called by a URI with its scheme, or by a template of RFC 6570: `{slug}`, `{+path}`, `{?page,size}`."
        ),
        example=_RESOURCE + 'wire_mcp_resource("part/{slug}", func=read_part)\n',
        mended=_RESOURCE + 'wire_mcp_resource("part://{slug}", func=read_part)\n',
    ),
    DiagnosticCode(
        code="PKU962",
        title="The variables of a resource are not the data of its function",
        explanation=(
            "Each variable of the template is a field of the function's data, and each field that is required is a variable: "
            "nothing else is sent with a URI."
        ),
        example=_RESOURCE + 'wire_mcp_resource("part://{name}", func=read_part)\n',
        mended=_RESOURCE + 'wire_mcp_resource("part://{slug}", func=read_part)\n',
    ),
    DiagnosticCode(
        code="PKU963",
        title="The data of a prompt has no fields",
        explanation="The arguments of a prompt have names: they are the fields of the function's data.",
        example=_TEXT
        + "@pikku_sessionless_func\nasync def draft(data: str) -> str:\n    return data\n\n"
        + 'wire_mcp_prompt(name="draft", func=draft)\n',
        mended=_TEXT
        + "from dataclasses import dataclass\n\n@dataclass\nclass Topic:\n    topic: str\n\n"
        + "@pikku_sessionless_func\nasync def draft(data: Topic) -> str:\n    return data.topic\n\n"
        + 'wire_mcp_prompt(name="draft", func=draft)\n',
    ),
    DiagnosticCode(
        code="PKU964",
        title="A completion is of no argument",
        explanation=(
            "It names a prompt and one of its arguments, or the template of a resource, as it is wired, and one of its "
            "variables."
        ),
        example=_COMPLETION
        + 'wire_mcp_completion(of="draft", argument="name", func=complete_slug)\n',
        mended=_COMPLETION
        + 'wire_mcp_completion(of="draft", argument="slug", func=complete_slug)\n',
    ),
)
