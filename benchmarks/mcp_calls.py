"""Server CPU of one `tools/call`, replayed into ASGI applications: a project's, and the low-level server of the SDK.

```console
$ python benchmarks/mcp_calls.py
```

Each prints the median of five interleaved samples, in microseconds, for both eras of the protocol.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp_types import CallToolResult, ListToolsResult, TextContent, Tool
from pydantic import BaseModel

from pikku_core import App, pikku_sessionless_func
from pikku_mcp import wire_mcp_tool
from pikku_mcp.endpoint import opened, security
from pikku_mcp.mount import settings_of

SAMPLES, CALLS = 5, 300
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "benchmark", "version": "1"},
    },
}
CALL: dict[str, Any] = {"name": "add", "arguments": {"a": 1, "b": 2}}
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "benchmark", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}
INTEGER = {"type": "integer"}
TOOL = Tool(
    name="add",
    input_schema={
        "type": "object",
        "properties": {"a": INTEGER, "b": INTEGER},
        "required": ["a", "b"],
    },
)

Headers = list[tuple[bytes, bytes]]


class Add(BaseModel):
    a: int
    b: int


class Sum(BaseModel):
    sum: int


@pikku_sessionless_func
async def add(data: Add) -> Sum:
    return Sum(sum=data.a + data.b)


def low_level() -> Server[Any]:
    async def list_tools(_context: Any, _params: Any) -> ListToolsResult:
        return ListToolsResult(tools=[TOOL])

    async def call_tool(_context: Any, params: Any) -> CallToolResult:
        value = {"sum": params.arguments["a"] + params.arguments["b"]}
        text = TextContent(text=json.dumps(value))
        return CallToolResult(content=[text], structured_content=value)

    return Server("low", on_list_tools=list_tools, on_call_tool=call_tool)


async def post(app: Any, body: Any, headers: Headers) -> list[Any]:
    content = json.dumps(body).encode()
    waiting = [{"type": "http.request", "body": content, "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        if waiting:
            return waiting.pop()
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    own = [
        (b"host", b"127.0.0.1:1"),
        (b"content-type", b"application/json"),
        (b"accept", b"application/json, text/event-stream"),
    ]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/mcp",
        "raw_path": b"/mcp",
        "query_string": b"",
        "headers": [*own, *headers],
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
        "http_version": "1.1",
    }
    await app(scope, receive, send)
    return sent


async def with_handshake(app: Any) -> tuple[Any, Headers]:
    opening = await post(app, INITIALIZE, [])
    session = dict(opening[0]["headers"])[b"mcp-session-id"]
    headers = [(b"mcp-session-id", session), (b"mcp-protocol-version", b"2025-11-25")]
    await post(app, {"jsonrpc": "2.0", "method": "notifications/initialized"}, headers)
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": CALL}, headers


async def without_handshake(_app: Any) -> tuple[Any, Headers]:
    params = {**CALL, "_meta": META}
    headers = [
        (b"mcp-protocol-version", b"2026-07-28"),
        (b"mcp-method", b"tools/call"),
        (b"mcp-name", b"add"),
    ]
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}, headers


async def measured(app: Any, body: Any, headers: Headers) -> float:
    begin = time.process_time()
    for _ in range(CALLS):
        await post(app, body, headers)
    return (time.process_time() - begin) / CALLS * 1e6


async def main() -> None:
    logging.disable(logging.CRITICAL)
    app = App([wire_mcp_tool(name="add", func=add)])
    allowed = security(settings_of(app))
    as_json = StreamableHTTPSessionManager(
        low_level(), json_response=True, security_settings=allowed
    )
    as_stream = StreamableHTTPSessionManager(low_level(), security_settings=allowed)
    async with app, opened(app, settings_of(app)) as ours, as_json.run(), as_stream.run():
        served = {
            "pikku": ours,
            "low-level, JSON": as_json.asgi_app,
            "low-level, streams": as_stream.asgi_app,
        }
        eras = {"2025-11-25": with_handshake, "2026-07-28": without_handshake}
        for revision, prepare in eras.items():
            prepared = {name: await prepare(one) for name, one in served.items()}
            samples: dict[str, list[float]] = {name: [] for name in served}
            for _ in range(SAMPLES):
                for name, one in served.items():
                    samples[name].append(await measured(one, *prepared[name]))
            for name, found in samples.items():
                print(f"{revision}  {name:20} {sorted(found)[SAMPLES // 2]:6.0f} µs")


if __name__ == "__main__":
    asyncio.run(main())
