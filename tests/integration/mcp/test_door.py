"""Who is let in over HTTP: sessions, hosts and origins, and what clients read to log in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest
from mcp.shared.exceptions import MCPError
from tests.integration.http.conftest import SERVE, Server, running
from tests.integration.mcp.client import client_of
from tests.integration.mcp.conftest import CLUB, made

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
ACCEPT = {"accept": "application/json, text/event-stream"}
SETTINGS = """
[tool.pikku.mcp]
auth = "required"
authorization_servers = ["https://login.example.com"]
allowed_hosts = ["mcp.example.com"]
allowed_origins = ["https://app.example.com"]
path = "/agents/mcp"
page_size = 2
name = "the club"
"""


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """The club, to members alone."""
    with running(made(tmp_path_factory.mktemp("mcp") / "closed", CLUB, SETTINGS), SERVE) as server:
        yield server


def initialize(server: Server, path: str = "/agents/mcp", **headers: str) -> httpx.Response:
    return httpx.post(f"{server.url}{path}", json=INITIALIZE, headers=ACCEPT | headers)


def ada(server: Server, **headers: str) -> httpx.Response:
    return initialize(server, authorization="Bearer ada-of-the-tests-ada", **headers)


def test_without_a_session_nobody_comes_in_where_one_is_required(closed: Server) -> None:
    answer = initialize(closed)
    assert answer.status_code == 401
    metadata = f"{closed.url}/.well-known/oauth-protected-resource/agents/mcp"
    assert answer.headers["www-authenticate"] == f'Bearer resource_metadata="{metadata}"'
    assert answer.json()["error"]["message"] == "Authentication is required."


def test_the_metadata_says_where_to_log_in(closed: Server) -> None:
    answer = httpx.get(f"{closed.url}/.well-known/oauth-protected-resource/agents/mcp")
    assert answer.json() == {
        "resource": f"{closed.url}/agents/mcp",
        "authorization_servers": ["https://login.example.com"],
        "bearer_methods_supported": ["header"],
    }


def test_with_a_session_a_client_comes_in(closed: Server) -> None:
    answer = ada(closed)
    assert answer.status_code == 200
    assert '"name":"the club"' in answer.text


def test_a_token_that_is_refused_is_a_401_even_where_none_is_needed(club_server: Server) -> None:
    answer = initialize(club_server, "/mcp", authorization="Bearer forged")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert initialize(club_server, "/mcp").status_code == 200


def test_a_server_without_issuers_has_no_metadata(club_server: Server) -> None:
    answer = httpx.get(f"{club_server.url}/.well-known/oauth-protected-resource/mcp")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example.com"}, 421),
        ({"host": "mcp.example.com"}, 200),
        ({"origin": "https://evil.example.com"}, 403),
        ({"origin": "https://app.example.com"}, 200),
        ({"origin": "http://localhost:3000"}, 200),
    ],
)
def test_only_known_hosts_and_origins_are_taken(
    closed: Server, headers: dict[str, str], status: int
) -> None:
    assert ada(closed, **headers).status_code == status


def test_a_session_is_only_for_who_opened_it(closed: Server) -> None:
    opened = ada(closed).headers["mcp-session-id"]
    other = {**ACCEPT, "mcp-session-id": opened, "mcp-protocol-version": "2025-11-25"}
    ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
    url = f"{closed.url}/agents/mcp"
    own = httpx.post(
        url, json=ping, headers=other | {"authorization": "Bearer ada-of-the-tests-ada"}
    )
    bob = httpx.post(
        url, json=ping, headers=other | {"authorization": "Bearer bob-of-the-tests-bob"}
    )
    assert own.status_code == 200
    assert bob.status_code == 404


QUIET = """
from pikku_core import pikku_sessionless_func
from pikku_http import wire_http


@pikku_sessionless_func(mcp=True)
async def hello() -> str:
    return "hello"


wire_http(method="get", route="/hello", func=hello)
"""


@pytest.mark.anyio
async def test_a_project_that_tells_nothing_while_a_call_runs_answers_with_json(
    tmp_path: Path,
) -> None:
    with running(made(tmp_path / "quiet", QUIET), SERVE) as server:
        answer = initialize(server, "/mcp")
        for era in ("auto", "legacy"):
            async with client_of(f"{server.url}/mcp", era) as client:
                result = await client.call_tool("hello", {})
                assert result.structured_content == {"result": "hello"}
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.anyio
async def test_long_lists_come_in_pages(closed: Server) -> None:
    pages: list[list[str]] = []
    cursor: str | None = None
    async with client_of(f"{closed.url}/agents/mcp", "auto", "ada") as client:
        while cursor or not pages:
            page = await client.list_tools(cursor=cursor)
            pages.append([tool.name for tool in page.tools])
            cursor = page.next_cursor
        with pytest.raises(MCPError, match="The cursor is none") as raised:
            await client.list_tools(cursor="forged")
    assert [len(page) for page in pages] == [2, 2, 2, 2, 1]
    names = [name for page in pages for name in page]
    assert names == sorted(names)
    assert raised.value.error.code == -32602
