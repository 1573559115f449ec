"""The first answer of a cold process with one route, beside FastAPI and Litestar.

```console
$ pip install fastapi litestar packages/pikku-core packages/pikku-http packages/pikku-cli
$ python benchmarks/http/cold.py --repeat 11
```

A process for each, by turns: uvicorn serves one route with a model in and out, from the start of the process to its first answer:
user and system time, and the resident memory then (Linux). Pikku's application is a generated one, which `create_app` loads,
once as it is and once with `http.lazy`. A bare ASGI application shows what uvicorn alone takes. Bytecode is cached.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from processes import environment, free_port, memory_of

TICKS = os.sysconf("SC_CLK_TCK")
PIKKU = "import sys; sys.argv[0] = 'pikku'; from pikku_cli.main import main; main()"
MODELS = """
from pydantic import BaseModel

class Greet(BaseModel):
    name: str

class Greeting(BaseModel):
    text: str
"""
FILES = {
    "pyproject.toml": '[project]\nname = "cold"\nversion = "1"\n\n[tool.pikku]\nsource = ["app"]\n',
    "app/__init__.py": "",
    "app/models.py": MODELS,
    "app/functions.py": """
from pikku_core import pikku_sessionless_func
from pikku_http import wire_http
from app.models import Greet, Greeting

@pikku_sessionless_func
async def greet(data: Greet) -> Greeting:
    return Greeting(text=f"Hello {data.name}!")

wire_http(method="post", route="/greet", func=greet)
""",
    "with_fastapi.py": """
from fastapi import FastAPI
from app.models import Greet, Greeting

def create_app():
    app = FastAPI()

    @app.post("/greet")
    async def greet(data: Greet) -> Greeting:
        return Greeting(text=f"Hello {data.name}!")

    return app
""",
    "with_litestar.py": """
from litestar import Litestar, post
from app.models import Greet, Greeting

@post("/greet")
async def greet(data: Greet) -> Greeting:
    return Greeting(text=f"Hello {data.name}!")

def create_app():
    return Litestar([greet])
""",
    "bare.py": """
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"text":"Hello Ada!"}'})

def create_app():
    return app
""",
}
ROWS = {
    "Pikku": ("pikku_http:create_app", {}),
    "Pikku, http.lazy": ("pikku_http:create_app", {"PIKKU_HTTP_LAZY": "true"}),
    "FastAPI": ("with_fastapi:create_app", {}),
    "Litestar": ("with_litestar:create_app", {}),
    "bare ASGI": ("bare:create_app", {}),
}


def answered(port: int) -> bool:
    """Whether a request is answered with what the model says."""
    body = json.dumps({"name": "Ada"}).encode()
    url = f"http://127.0.0.1:{port}/greet"
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{error.code} {error.read().decode()}") from error
    except urllib.error.URLError:
        return False
    if found != {"text": "Hello Ada!"}:
        raise SystemExit(f"another answer: {found}")
    return True


def measure(folder: Path, factory: str, variables: dict[str, str]) -> tuple[float, float]:
    """CPU ms and MB of a new process at its first answer."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", factory, "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--log-level", "error"], cwd=folder, env=environment() | variables
    )
    try:
        while not answered(port):
            if process.poll() is not None:
                raise SystemExit(f"{factory} did not start")
            time.sleep(0.005)
        stat = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        cpu = (int(stat[11]) + int(stat[12])) / TICKS * 1000
        return cpu, memory_of(process.pid) / 1024
    finally:
        process.terminate()
        process.wait(30)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the first answer of a cold process.")
    parser.add_argument("--repeat", type=int, default=11)
    given = parser.parse_args()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ROWS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in FILES.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text)
        subprocess.run(
            [sys.executable, "-c", PIKKU],
            cwd=folder,
            env=environment(),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        for factory, variables in ROWS.values():  # writes bytecode
            measure(folder, factory, variables)
        for _ in range(given.repeat):
            for row, (factory, variables) in ROWS.items():
                found[row].append(measure(folder, factory, variables))
    for row, values in found.items():
        cpus, sizes = [one for one, _ in values], [one for _, one in values]
        print(
            f"{row:20} {statistics.median(cpus):5.0f} ({min(cpus):.0f} to {max(cpus):.0f}) ms CPU  "
            f"{statistics.median(sizes):5.1f} MB"
        )


if __name__ == "__main__":
    main()
