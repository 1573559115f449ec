"""`pikku mcp inspect` and `pikku mcp call`: what an agent sees and gets, of this project or of any server."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from pikku_core.plugin import CommandError
from pikku_mcp.commands.project import load_app, run

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from mcp.client.client import Client
    from mcp_types import CallToolResult


def inspect(*, url: str = "", json: bool = False) -> None:
    """Show the tools, resources and prompts that a client without a session is told of.

    Args:
        url: Of another server, over HTTP. Default: this project, in this process.
        json: Print all that clients are told, as JSON.
    """
    run(_inspect(url, as_json=json))


def call(tool: str, *, data: str = "{}", url: str = "", json: bool = False) -> None:
    """Call a tool as an agent would, and print what it gets.

    Args:
        tool: The name of the tool.
        data: Its arguments, a JSON object.
        url: Of another server, over HTTP. Default: this project, in this process.
        json: Print the whole answer, as JSON.
    """
    run(_call(tool, _arguments(data), url, as_json=json))


async def _inspect(url: str, *, as_json: bool) -> None:
    offered = await _asked(url, _offered)
    if as_json:
        print(json.dumps(offered, indent=2))  # noqa: T201 - what the command says
        return
    for what, rows in offered.items():
        print(f"{what} ({len(rows)})")  # noqa: T201 - what the command says
        for row in rows:
            name = row.get("uri") or row.get("uriTemplate") or row["name"]
            about = row.get("title") or row.get("description", "").partition("\n")[0]
            print(f"  {name}  {about}".rstrip())  # noqa: T201 - what the command says


async def _call(tool: str, arguments: dict[str, Any], url: str, *, as_json: bool) -> None:
    result: CallToolResult = await _asked(url, lambda one: one.call_tool(tool, arguments))
    answer = result.model_dump(mode="json", by_alias=True, exclude_none=True)
    if as_json:
        print(json.dumps(answer, indent=2))  # noqa: T201 - what the command says
    else:
        for block in answer["content"]:
            print(block.get("text") or json.dumps(block))  # noqa: T201 - what the command says
    if result.is_error:
        raise CommandError(f'The tool "{tool}" failed.')


async def _offered(client: Client) -> dict[str, list[dict[str, Any]]]:
    capabilities = client.server_capabilities
    offered: dict[str, list[dict[str, Any]]] = {}
    if capabilities.tools is not None:
        offered["tools"] = await _all(client.list_tools, "tools")
    if capabilities.resources is not None:
        offered["resources"] = await _all(client.list_resources, "resources")
        offered["templates"] = await _all(client.list_resource_templates, "resource_templates")
    if capabilities.prompts is not None:
        offered["prompts"] = await _all(client.list_prompts, "prompts")
    return offered


async def _all(ask: Any, field: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = await ask(cursor=cursor)
        rows += [
            one.model_dump(mode="json", by_alias=True, exclude_none=True)
            for one in getattr(page, field)
        ]
        cursor = page.next_cursor
        if cursor is None:
            return rows


async def _asked(url: str, ask: Callable[[Client], Awaitable[Any]]) -> Any:
    """What a server answers.

    Raises:
        CommandError: It does not, or refuses.
    """
    from mcp.shared.exceptions import MCPError

    try:
        async with _client(url) as client:
            try:
                return await ask(client)
            except MCPError as error:
                # Outside, groups of tasks would have wrapped it.
                refused = error
    except Exception as error:  # whatever the transport of the SDK raises
        if not url:
            raise
        raise CommandError(
            f'What is at "{url}" does not answer as a server of MCP does.'
        ) from error
    raise CommandError(f"The server answers: {refused}") from refused


@asynccontextmanager
async def _client(url: str) -> AsyncGenerator[Client]:
    from mcp.client.client import Client

    from pikku_mcp.commands.serve import started

    if url:
        async with Client(url) as client:
            yield client
    else:
        async with started(load_app()) as server, Client(server) as client:
            yield client


def _arguments(data: str) -> dict[str, Any]:
    try:
        arguments: Any = json.loads(data)
    except ValueError as error:
        raise CommandError(f"The arguments are no JSON: {error}.", 2) from error
    if not isinstance(arguments, dict):
        raise CommandError('The arguments must be an object: \'{"name": "value"}\'.', 2)
    return cast("dict[str, Any]", arguments)
