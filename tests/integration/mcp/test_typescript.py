"""The official TypeScript clients of both eras, and the command line of the inspector."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.http.node import NODE, installed

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT = 120.0
PROGRAM = """
import { Client, StreamableHTTPClientTransport } from "./client.mjs";

const client = new Client({ name: "test", version: "1" }, OPTIONS);
await client.connect(new StreamableHTTPClientTransport(new URL(process.argv[2])));
const tools = (await client.listTools()).tools.map((tool) => tool.name);
const called = await client.callTool({ name: "greet", arguments: { name: "Ada" } });
const read = await client.readResource({ uri: "test://template/7/data" });
const prompt = await client.getPrompt({ name: "test_simple_prompt" });
console.log(JSON.stringify({ tools, called, read, prompt }));
await client.close();
"""
V1 = """
export { Client } from "@modelcontextprotocol/sdk/client/index.js";
export { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
"""
V2 = 'export { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";\n'
CLIENTS = {
    "v1": (V1, "@modelcontextprotocol/sdk@1.32.2", "{}"),
    "v2": (V2, "@modelcontextprotocol/client@2.4.0", "{}"),
    "v2-modern": (
        V2,
        "@modelcontextprotocol/client@2.4.0",
        '{ versionNegotiation: { mode: "auto" } }',
    ),
}


def output(folder: Path, *arguments: str) -> Any:
    command = [NODE, *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=TIMEOUT
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("version", CLIENTS)
def test_a_typescript_client_lists_calls_and_reads(
    version: str, everything_url: str, tmp_path: Path
) -> None:
    exports, package, options = CLIENTS[version]
    installed(tmp_path, package)
    (tmp_path / "client.mjs").write_text(exports)
    (tmp_path / "program.mjs").write_text(PROGRAM.replace("OPTIONS", options))
    found = output(tmp_path, "program.mjs", everything_url)
    assert len(found["tools"]) == 29
    assert found["called"]["content"][0]["text"] == "Hello, Ada!"
    assert json.loads(found["read"]["contents"][0]["text"])["id"] == "7"
    assert found["prompt"]["messages"][0]["role"] == "user"


def test_the_inspector_lists_the_tools(everything_url: str, tmp_path: Path) -> None:
    installed(tmp_path, "@modelcontextprotocol/inspector@2.12.0")
    program = "node_modules/.bin/mcp-inspector"
    listed = output(
        tmp_path, program, "--cli", everything_url, "--transport", "http", "--method", "tools/list"
    )
    assert len(listed["tools"]) == 29
