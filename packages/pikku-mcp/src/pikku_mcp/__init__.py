"""The MCP transport of Pikku: typed functions as tools for agents.

Every name is imported when it is first used, so that neither the plugin nor a module of wirings loads the SDK.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikku_mcp.content import Audience as Audience
    from pikku_mcp.content import Audio as Audio
    from pikku_mcp.content import BinaryResource as BinaryResource
    from pikku_mcp.content import Content as Content
    from pikku_mcp.content import Embedded as Embedded
    from pikku_mcp.content import Image as Image
    from pikku_mcp.content import ResourceLink as ResourceLink
    from pikku_mcp.content import Text as Text
    from pikku_mcp.content import TextResource as TextResource
    from pikku_mcp.wire import Mcp as Mcp
    from pikku_mcp.wiring import McpTool as McpTool
    from pikku_mcp.wiring import wire_mcp_tool as wire_mcp_tool

__version__ = "0.1.0"

_MODULES = {
    "Audience": "content",
    "Audio": "content",
    "BinaryResource": "content",
    "Content": "content",
    "Embedded": "content",
    "Image": "content",
    "Mcp": "wire",
    "McpTool": "wiring",
    "ResourceLink": "content",
    "Text": "content",
    "TextResource": "content",
    "wire_mcp_tool": "wiring",
}

__all__ = [
    "Audience",
    "Audio",
    "BinaryResource",
    "Content",
    "Embedded",
    "Image",
    "Mcp",
    "McpTool",
    "ResourceLink",
    "Text",
    "TextResource",
    "wire_mcp_tool",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f'module "pikku_mcp" has no attribute "{name}"')
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"pikku_mcp.{module}"), name)
    return value
