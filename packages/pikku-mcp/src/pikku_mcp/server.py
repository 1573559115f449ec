"""The server of an App's tools, on the SDK's low-level one: it speaks every revision that the SDK does."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcp.server.lowlevel import Server
from mcp_types import ListToolsResult

from pikku_core import DeclarationError
from pikku_mcp.listing import PATH
from pikku_mcp.tools import Tools

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mcp.server.context import ServerRequestContext
    from mcp_types import CallToolRequestParams, CallToolResult, PaginatedRequestParams

    from pikku_core import App


def server_of(app: App, *, name: str, version: str) -> Server[Any]:
    """The server of an App that has been started.

    Args:
        name, version: What clients are told that it is.

    Raises:
        DeclarationError: The App was not generated, or not completely.
    """
    tools = Tools(app, rows_of(app)["tools"])

    async def list_tools(
        context: ServerRequestContext[Any, Any], params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=tools.listed)

    async def call_tool(
        context: ServerRequestContext[Any, Any], params: CallToolRequestParams
    ) -> CallToolResult:
        return await tools.call(params.name, params.arguments or {}, context)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Server(name, version=version, on_list_tools=list_tools, on_call_tool=call_tool)


def rows_of(app: App) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """What clients are told of tools, resources and prompts, by wiring.

    Raises:
        DeclarationError: The App was not generated, or not completely.
    """
    if app.directory is None:
        from pikku_mcp.described import described

        return described(app)
    path = Path(app.directory) / PATH
    try:
        rows: dict[str, Any] = json.loads(path.read_bytes())
    except OSError as error:
        raise DeclarationError(
            f'"{path}" cannot be read ({error.strerror}): run "pikku" in the project again.'
        ) from error
    return rows
