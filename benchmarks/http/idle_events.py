"""The memory of connections that wait for server-sent events, beside Starlette.

```console
$ pip install starlette packages/pikku-core packages/pikku-http
$ python benchmarks/http/idle_events.py --connections 5000 --repeat 3
```

Each server is a process of its own (uvicorn). So many connections ask it for a stream that sends one event and then waits; when
all have got theirs, the resident memory (Linux) over that before the first, for each connection. Starlette's is a
`StreamingResponse` of an async generator, without heartbeats; Pikku's has its own (15 s). `--bare` adds what uvicorn alone takes
for connections that an ASGI application of three lines keeps open.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from processes import connected, free_port, memory_of

PIKKU = """
import asyncio
from collections.abc import AsyncIterator
from pikku_core import App, pikku_sessionless_func
from pikku_http import HttpApplication, wire_http

@pikku_sessionless_func
async def wait() -> AsyncIterator[str]:
    yield "here"
    await asyncio.Event().wait()

app = HttpApplication(App([wire_http(method="get", route="/", func=wait, sse=True)]))
"""
STARLETTE = """
import asyncio
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route

async def events():
    yield 'data: "here"\\n\\n'
    await asyncio.Event().wait()

async def wait(request):
    return StreamingResponse(events(), media_type="text/event-stream")

app = Starlette(routes=[Route("/", wait)])
"""
BARE = """
import asyncio

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await send({"type": "http.response.body", "body": b'data: "here"\\n\\n', "more_body": True})
    await receive()
    await receive()
"""
REQUEST = b"GET / HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n"


async def waiting(port: int) -> asyncio.StreamWriter:
    """A connection that has got its first event."""
    reader, writer = await connected(port)
    writer.write(REQUEST)
    await reader.readuntil(b"here")
    return writer


async def measure(port: int, pid: int, connections: int) -> float:
    """KB for a connection."""
    first = [await waiting(port) for _ in range(10)]
    before = memory_of(pid)
    opened = list(first)
    while len(opened) < connections + len(first):
        opened += await asyncio.gather(*(waiting(port) for _ in range(100)))
    size = (memory_of(pid) - before) / (len(opened) - len(first))
    for writer in opened:
        writer.close()
    return size


def served(folder: str, name: str, connections: int) -> float:
    """KB for a connection to a new server process."""
    port = free_port()
    command = ["-m", "uvicorn", f"{name}:app", "--port", str(port), "--log-level", "error"]
    command += ["--backlog", "4096", "--timeout-graceful-shutdown", "1"]
    process = subprocess.Popen([sys.executable, *command], cwd=folder)
    try:
        return asyncio.run(measure(port, process.pid, connections))
    finally:
        process.terminate()
        process.wait(60)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the memory of idle event streams.")
    parser.add_argument("--connections", type=int, default=5000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--bare", action="store_true")
    given = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    sources = {"pikku_app_served": PIKKU, "starlette_served": STARLETTE}
    if given.bare:
        sources["bare_served"] = BARE
    found: dict[str, list[float]] = {name: [] for name in sources}
    with tempfile.TemporaryDirectory() as folder:
        for name, source in sources.items():
            (Path(folder) / f"{name}.py").write_text(source)
        for _ in range(given.repeat):
            for name in sources:
                found[name].append(served(folder, name, given.connections))
    for name, sizes in found.items():
        middle = statistics.median(sizes)
        print(f"{name:20} {middle:6.1f} ({min(sizes):.1f} to {max(sizes):.1f}) KB for a connection")


if __name__ == "__main__":
    main()
