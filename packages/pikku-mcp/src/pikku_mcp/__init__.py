"""The MCP transport of Pikku: typed functions as tools, resources and prompts for agents.

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
    from pikku_mcp.content import Message as Message
    from pikku_mcp.content import ResourceLink as ResourceLink
    from pikku_mcp.content import Text as Text
    from pikku_mcp.content import TextResource as TextResource
    from pikku_mcp.content import Typed as Typed
    from pikku_mcp.mcp import Mcp as Mcp
    from pikku_mcp.middleware import McpMiddleware as McpMiddleware
    from pikku_mcp.middleware import mcp_middleware as mcp_middleware
    from pikku_mcp.mount import McpApplication as McpApplication
    from pikku_mcp.prompt_wiring import McpCompletion as McpCompletion
    from pikku_mcp.prompt_wiring import McpPrompt as McpPrompt
    from pikku_mcp.prompt_wiring import wire_mcp_completion as wire_mcp_completion
    from pikku_mcp.prompt_wiring import wire_mcp_prompt as wire_mcp_prompt
    from pikku_mcp.question import ClientLacksError as ClientLacksError
    from pikku_mcp.question import Elicit as Elicit
    from pikku_mcp.question import Elicited as Elicited
    from pikku_mcp.question import ListRoots as ListRoots
    from pikku_mcp.question import Question as Question
    from pikku_mcp.question import Root as Root
    from pikku_mcp.question import Sample as Sample
    from pikku_mcp.question import Sampled as Sampled
    from pikku_mcp.resource_wiring import McpResource as McpResource
    from pikku_mcp.resource_wiring import wire_mcp_resource as wire_mcp_resource
    from pikku_mcp.wiring import McpTool as McpTool
    from pikku_mcp.wiring import wire_mcp_tool as wire_mcp_tool

__version__ = "0.1.0"

_MODULES = {
    "Audience": "content",
    "Audio": "content",
    "BinaryResource": "content",
    "ClientLacksError": "question",
    "Content": "content",
    "Elicit": "question",
    "Elicited": "question",
    "Embedded": "content",
    "Image": "content",
    "ListRoots": "question",
    "Mcp": "mcp",
    "McpApplication": "mount",
    "McpCompletion": "prompt_wiring",
    "McpMiddleware": "middleware",
    "McpPrompt": "prompt_wiring",
    "McpResource": "resource_wiring",
    "McpTool": "wiring",
    "Message": "content",
    "Question": "question",
    "ResourceLink": "content",
    "Root": "question",
    "Sample": "question",
    "Sampled": "question",
    "Text": "content",
    "TextResource": "content",
    "Typed": "content",
    "mcp_middleware": "middleware",
    "wire_mcp_completion": "prompt_wiring",
    "wire_mcp_prompt": "prompt_wiring",
    "wire_mcp_resource": "resource_wiring",
    "wire_mcp_tool": "wiring",
}

__all__ = [
    "Audience",
    "Audio",
    "BinaryResource",
    "ClientLacksError",
    "Content",
    "Elicit",
    "Elicited",
    "Embedded",
    "Image",
    "ListRoots",
    "Mcp",
    "McpApplication",
    "McpCompletion",
    "McpMiddleware",
    "McpPrompt",
    "McpResource",
    "McpTool",
    "Message",
    "Question",
    "ResourceLink",
    "Root",
    "Sample",
    "Sampled",
    "Text",
    "TextResource",
    "Typed",
    "mcp_middleware",
    "wire_mcp_completion",
    "wire_mcp_prompt",
    "wire_mcp_resource",
    "wire_mcp_tool",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f'module "pikku_mcp" has no attribute "{name}"')
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"pikku_mcp.{module}"), name)
    return value
