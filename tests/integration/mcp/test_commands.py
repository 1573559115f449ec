"""`pikku mcp ...` in real processes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from tests.integration.http.conftest import COMMANDS, environment, running
from tests.integration.mcp.client import client_of
from tests.integration.mcp.conftest import made

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.http.conftest import Server
    from tests.integration.mcp.conftest import Era

PIKKU = str(COMMANDS / "pikku")
LONELY = """
import sys

from pikku_core import pikku_sessionless_func


@pikku_sessionless_func(mcp=True)
async def modules() -> list[str]:
    print("This is no answer.")
    return sorted(sys.modules)
"""


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [PIKKU, *arguments]
    return subprocess.run(
        command, cwd=root, env=environment(), capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with nothing but a tool."""
    return made(tmp_path_factory.mktemp("mcp") / "lonely", LONELY)


@pytest.mark.anyio
async def test_a_server_over_stdio_imports_no_other_transport_and_keeps_prints_apart(
    lonely: Path, era: Era
) -> None:
    command = StdioServerParameters(
        command=PIKKU, args=["mcp", "serve", "--stdio"], cwd=lonely, env=environment()
    )
    async with Client(command, mode=era) as client:
        assert client.server_info is not None
        assert client.server_info.name == "lonely"
        result = await client.call_tool("modules", {})
    assert result.structured_content is not None
    loaded = set(result.structured_content["result"])
    # Plugins are asked what they declare, and nothing of them runs. The SDK itself imports uvicorn.
    transports = {"pikku_http.http.application", "pikku_http.http.http", "pikku_http.http.server"}
    transports |= {"pikku_queue.queue.connection", "pikku_queue.queue.runner"}
    assert loaded & (transports | {"celery", "httptools"}) == set()


@pytest.mark.anyio
async def test_a_server_of_its_own_over_http(club: Path, era: Era) -> None:
    with running(
        club, (PIKKU, "mcp", "serve", "--http", "--host", "127.0.0.1", "--port", "0")
    ) as server:
        async with client_of(f"{server.url}/mcp", era, "bob") as client:
            result = await client.call_tool("who", {})
    assert result.structured_content == {"result": "bob"}


def test_inspect_shows_what_a_client_without_a_session_is_told(club: Path) -> None:
    shown = run(club, "mcp", "inspect").stdout
    assert "tools (5)\n  blocking\n" in shown
    assert "templates (2)\n  page://{+path}\n" in shown
    told = json.loads(run(club, "mcp", "inspect", "--json").stdout)
    assert [one["name"] for one in told["prompts"]] == ["draft"]


def test_call_prints_what_an_agent_gets(club: Path) -> None:
    assert run(club, "mcp", "call", "blocking", "--data", '{"number": 1}').stdout == "2\n"
    answer = json.loads(run(club, "mcp", "call", "hello", "--json").stdout)
    assert answer["structuredContent"] == {"result": "hello"}
    failed = run(club, "mcp", "call", "refused")
    assert (failed.returncode, failed.stdout) == (1, "Not on Mondays.\n")


def test_another_server_is_inspected_and_called_by_its_url(
    club_server: Server, tmp_path: Path
) -> None:
    url = f"{club_server.url}/mcp"
    assert run(tmp_path, "mcp", "call", "hello", "--url", url).stdout == "hello\n"
    assert "tools (5)" in run(tmp_path, "mcp", "inspect", "--url", url).stdout
    away = run(tmp_path, "mcp", "call", "hello", "--url", "http://127.0.0.1:1/mcp")
    assert away.returncode == 1
    assert "does not answer" in away.stderr
    assert "Traceback" not in away.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("call", "nothing"), 'There is no tool "nothing".'),
        (("call", "hello", "--data", "{"), "The arguments are no JSON"),
        (("call", "hello", "--data", "[]"), "The arguments must be an object"),
        (("serve", "--stdio", "--http"), 'Only one of "--stdio" and "--http"'),
        (("install", "emacs"), 'There is no client "emacs"'),
    ],
)
def test_what_cannot_be_done_is_said(club: Path, arguments: tuple[str, ...], message: str) -> None:
    done = run(club, "mcp", *arguments)
    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_install_tells_a_client_how_to_start_the_server(lonely: Path) -> None:
    file = lonely / ".cursor" / "mcp.json"
    file.parent.mkdir()
    file.write_text('{"mcpServers": {"other": {"command": "x"}}}')
    shown = json.loads(run(lonely, "mcp", "install", "cursor", "--show").stdout)
    assert list(shown["mcpServers"]) == ["other", "lonely"]
    assert run(lonely, "mcp", "install", "cursor").returncode == 0
    written = json.loads(file.read_text())
    assert written == shown
    entry = written["mcpServers"]["lonely"]
    assert entry["command"] == sys.executable
    assert entry["args"][-2:] == ["mcp", "serve"]


def test_install_replaces_nothing_unasked_and_loses_nothing(lonely: Path) -> None:
    file = lonely / ".mcp.json"
    file.write_text('{"mcpServers": {"own": {"command": "x"}}}')
    refused = run(lonely, "mcp", "install", "claude", "--name", "own")
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert run(lonely, "mcp", "install", "claude", "--name", "own", "--force").returncode == 0
    assert json.loads(file.read_text())["mcpServers"]["own"]["command"] == sys.executable
    file.write_text("{")
    broken = run(lonely, "mcp", "install", "claude")
    assert "is no JSON" in broken.stderr
    assert file.read_text() == "{"
