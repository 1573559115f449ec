"""Tools of a real server, called by the official client in both eras."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mcp.shared.exceptions import MCPError
from tests.integration.mcp.client import client_of, text_of

if TYPE_CHECKING:
    from tests.integration.http.conftest import Server
    from tests.integration.mcp.conftest import Era

pytestmark = pytest.mark.anyio


async def test_the_server_is_called_as_the_project(club_server: Server, era: Era) -> None:
    async with client_of(f"{club_server.url}/mcp", era) as client:
        assert client.server_info is not None
        assert (client.server_info.name, client.server_info.version) == ("club", "1.2.3")


async def test_who_is_unknown_is_told_of_what_is_open(club_server: Server, era: Era) -> None:
    async with client_of(f"{club_server.url}/mcp", era) as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        resources = [str(one.uri) for one in (await client.list_resources()).resources]
    assert tools == ["blocking", "broken", "hello", "refused", "seen"]
    assert resources == []


async def test_who_lacks_a_scope_is_not_told_of_what_needs_it(
    club_server: Server, era: Era
) -> None:
    async with client_of(f"{club_server.url}/mcp", era, "bob") as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
    assert tools == ["blocking", "broken", "hello", "refused", "secret", "seen", "who"]


async def test_who_may_only_read_is_not_told_of_what_changes_something(
    club_server: Server, era: Era
) -> None:
    async with client_of(f"{club_server.url}/mcp", era, "eve") as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
    assert tools == ["hello"]


async def test_effects_are_told_from_function_and_wiring(club_server: Server, era: Era) -> None:
    async with client_of(f"{club_server.url}/mcp", era, "ada") as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) >= {"expel", "expel-twice", "who"}
    hints = {
        name: tool.annotations.model_dump(exclude_none=True) if tool.annotations else {}
        for name, tool in tools.items()
    }
    assert hints["hello"] == {"read_only_hint": True}
    assert hints["expel"] == {"destructive_hint": True, "idempotent_hint": True}
    assert hints["expel-twice"] == {**hints["expel"], "open_world_hint": False}
    assert tools["expel-twice"].title == "Expel"


async def test_a_bearer_token_says_who_calls(club_server: Server, era: Era) -> None:
    async with client_of(f"{club_server.url}/mcp", era, "bob") as client:
        assert (await client.call_tool("who", {})).structured_content == {"result": "bob"}
        assert text_of(await client.call_tool("secret", {})) == "Permission denied."
        expelled = await client.call_tool("expel", {"number": 1})
    assert expelled.is_error
    assert text_of(expelled) == 'This needs the scope "members".'


async def test_a_function_that_needs_a_session_answers_that_it_does(
    club_server: Server, era: Era
) -> None:
    async with client_of(f"{club_server.url}/mcp", era) as client:
        result = await client.call_tool("who", {})
    assert result.is_error
    assert text_of(result) == "Authentication is required."


async def test_an_error_of_the_caller_is_said_and_any_other_hidden(
    club_server: Server, era: Era
) -> None:
    async with client_of(f"{club_server.url}/mcp", era) as client:
        refused = await client.call_tool("refused", {})
        broken = await client.call_tool("broken", {})
        wrong = await client.call_tool("blocking", {"number": "x"})
    assert (refused.is_error, text_of(refused)) == (True, "Not on Mondays.")
    assert broken.is_error
    assert "password" not in text_of(broken)
    assert "trace id" in text_of(broken)
    assert wrong.is_error
    assert "number: Input should be a valid integer" in text_of(wrong)


async def test_a_tool_that_is_not_there_is_an_error_of_the_protocol(
    club_server: Server, era: Era
) -> None:
    async with client_of(f"{club_server.url}/mcp", era) as client:
        with pytest.raises(MCPError, match='There is no tool "nothing"') as raised:
            await client.call_tool("nothing", {})
    assert raised.value.error.code == -32602


async def test_a_sync_function_and_the_request_are_served(club_server: Server, era: Era) -> None:
    async with client_of(f"{club_server.url}/mcp", era) as client:
        assert (await client.call_tool("blocking", {"number": 1})).structured_content == {
            "result": 2
        }
        seen = await client.call_tool("seen", {})
    assert seen.structured_content == {"host": f"127.0.0.1:{club_server.port}", "client": "mcp"}
