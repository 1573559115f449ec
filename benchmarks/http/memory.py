"""The memory of a server over a million requests.

```console
$ pip install packages/pikku-core packages/pikku-http
$ python benchmarks/http/memory.py --requests 1000000
```

One connection asks a server process (uvicorn, one route with path, query string and model; every path is another one) with 32
requests at a time; the resident memory is read (Linux) after each tenth. Flat means that the last tenths show no growth.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from processes import connected, environment, free_port, memory_of

AT_ONCE = 32
APPLICATION = """
from pydantic import BaseModel
from pikku_core import App, pikku_sessionless_func
from pikku_http import HttpApplication, wire_http

class Ask(BaseModel):
    id: int
    verbose: bool = False

class Told(BaseModel):
    id: int
    name: str

@pikku_sessionless_func
async def tell(data: Ask) -> Told:
    return Told(id=data.id, name=f"user {data.id}")

app = HttpApplication(App([wire_http(method="get", route="/users/{id}", func=tell)]))
"""


async def ask(port: int, pid: int, requests: int) -> list[float]:
    """The memory after the first batch and after each tenth of the requests."""
    reader, writer = await connected(port)
    sizes: list[float] = []
    step = max(AT_ONCE, requests // 10 // AT_ONCE * AT_ONCE)
    for number in range(0, requests, AT_ONCE):
        writer.write(
            b"".join(
                b"GET /users/%d?verbose=true HTTP/1.1\r\nhost: localhost\r\n\r\n" % one
                for one in range(number, number + AT_ONCE)
            )
        )
        for one in range(number, number + AT_ONCE):
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"another answer: {head!r}")
            length = int(head.lower().partition(b"content-length:")[2].split()[0])
            body = await reader.readexactly(length)
            if b'"id":%d,' % one not in body:
                raise SystemExit(f"another answer: {body!r}")
        if number % step == 0:
            sizes.append(memory_of(pid) / 1024)
    sizes.append(memory_of(pid) / 1024)
    writer.close()
    return sizes


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Measures the memory of a server over many requests."
    )
    parser.add_argument("--requests", type=int, default=1_000_000)
    given = parser.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "served.py").write_text(APPLICATION)
        command = [
            "-m",
            "uvicorn",
            "served:app",
            "--port",
            str(port),
            "--log-level",
            "error",
            "--no-access-log",
        ]
        process = subprocess.Popen([sys.executable, *command], cwd=folder, env=environment())
        try:
            sizes = asyncio.run(ask(port, process.pid, given.requests))
        finally:
            process.terminate()
            process.wait(30)
    print(f"{given.requests} requests, MB after each tenth:")
    print(" ".join(f"{size:.2f}" for size in sizes))


if __name__ == "__main__":
    main()
