"""The server of an App, on the SDK's low-level one: it speaks every revision that the SDK does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcp.server.lowlevel import NotificationOptions, Server
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity
from mcp_types import (
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    NotificationParams,
    SetLevelRequestParams,
)

from pikku_core import DeclarationError
from pikku_mcp.completion import Completions
from pikku_mcp.listing import PATH
from pikku_mcp.page import page_of
from pikku_mcp.prompt import Prompts
from pikku_mcp.resource import Resources
from pikku_mcp.tool import Tools
from pikku_mcp.visibility import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mcp.server.context import ServerRequestContext
    from mcp.server.models import InitializationOptions
    from mcp_types import PaginatedRequestParams

    from pikku_core import App
    from pikku_mcp.changes import Changes
    from pikku_mcp.visibility import Callers


class McpServer(Server[Any]):
    """The SDK's server, which says that what it lists may change."""

    def create_initialization_options(
        self,
        notification_options: NotificationOptions | None = None,
        experimental_capabilities: dict[str, dict[str, Any]] | None = None,
        extensions: dict[str, dict[str, Any]] | None = None,
    ) -> InitializationOptions:
        """What a client up to revision 2025-11-25 is told when it connects."""
        changing = notification_options or NotificationOptions(
            prompts_changed=True, resources_changed=True, tools_changed=True
        )
        return super().create_initialization_options(
            changing, experimental_capabilities, extensions
        )


def server_of(app: App, *, callers: Callers, changes: Changes, page_size: int = 0) -> Server[Any]:
    """The server of an App that has been started.

    Args:
        page_size: How many tools, resources or prompts one answer lists; 0: all.

    Raises:
        DeclarationError: The App was not generated, or not completely, or a wiring does not fit its function.
    """
    rows = rows_of(app)
    tools = Tools(app, rows.get("tools", {}), changes)
    resources = Resources(app, rows.get("resources", {}), changes)
    prompts = Prompts(app, rows.get("prompts", {}), changes)
    completions = Completions(app, prompts, resources, changes)

    def listing(of: Mapping[str, Any], result: type[Any], field: str) -> Callable[..., Any]:
        async def answer(
            context: ServerRequestContext[Any, Any], params: PaginatedRequestParams | None
        ) -> Any:
            seen = visible(await callers.wire(context), of.values())
            named = [(name, one.told) for name, one in of.items() if one in seen]
            cursor = None if params is None else params.cursor
            page, following = page_of(named, cursor, page_size)
            return result(**{field: page}, next_cursor=following)

        return answer

    handlers: dict[str, Any] = {}
    if tools.by_name:
        handlers["on_list_tools"] = listing(tools.by_name, ListToolsResult, "tools")
        handlers["on_call_tool"] = tools.call
        handlers["get_tool_input_schema"] = tools.input_schema
    if resources.plain or resources.templates:
        plain, templates = resources.plain, resources.templates
        handlers["on_list_resources"] = listing(plain, ListResourcesResult, "resources")
        handlers["on_list_resource_templates"] = listing(
            templates, ListResourceTemplatesResult, "resource_templates"
        )
        handlers["on_read_resource"] = resources.read
        handlers["on_subscribe_resource"] = changes.subscribe
        handlers["on_unsubscribe_resource"] = changes.unsubscribe
    if prompts.by_name:
        handlers["on_list_prompts"] = listing(prompts.by_name, ListPromptsResult, "prompts")
        handlers["on_get_prompt"] = prompts.get
    if completions.are_there:
        handlers["on_completion"] = completions.complete
    server = _made(rows["server"], handlers, changes)
    if rows.get("talks", True):
        sealing = RequestStateSecurity.ephemeral()
        server.middleware = [RequestStateBoundary(sealing, default_audience=server.name)]
    return server


def _made(said: Mapping[str, str], handlers: Mapping[str, Any], changes: Changes) -> Server[Any]:
    server = McpServer(
        said["name"],
        version=said["version"],
        description=said.get("description"),
        on_subscriptions_listen=changes.listen,
        **handlers,
    )
    server.add_request_handler("logging/setLevel", SetLevelRequestParams, changes.set_level)
    server.add_notification_handler(
        "notifications/initialized", NotificationParams, changes.initialized
    )
    server.middleware = []  # The SDK's span for each message is not ours.
    return server


def rows_of(app: App) -> Mapping[str, Any]:
    """What clients are told: of the server under `server`, and of tools, resources and prompts by wiring.

    `talks` says whether anything can tell or ask a client something while a call runs.

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
