"""The first answered request of a large application, and the memory that it takes at rest; FastAPI beside it.

```console
$ pip install fastapi packages/pikku-core packages/pikku-http packages/pikku-cli
$ python benchmarks/first_request.py --functions 1000 --repeat 9
```

The application of `generate_app.py`, served by uvicorn: with all functions imported at start, with `http.lazy`, and with a FastAPI
application of the same routes, written here, whose bodies and answers are the same models and whose functions do nothing
else (no services, no sessions, no middleware). What is measured, in a new process each time and by turns: the time on the clock
and the CPU time from the start of the process to the first answered request, and the resident memory after it, both as the kernel
counts them (Linux). Bytecode is cached.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from generate_app import generate_app

PIKKU = "import sys; sys.argv[0] = 'pikku'; from pikku_cli.main import main; main()"
UVICORN = ("-m", "uvicorn", "--factory", "--port", "{port}", "--log-level", "error")
TICKS = os.sysconf("SC_CLK_TCK")
DEADLINE = 120.0
PEER = '''"""The routes of {feature}, for FastAPI."""

from fastapi import APIRouter

from app.{feature}.models import {models}

router = APIRouter()
'''
ROUTE = '''

@router.post("/{prefix}/{number}/{{count}}", tags=["v1"])
async def function_{number:05}(count: int, data: {data}) -> {result}:
    """Does what function {number} is for, and says so at some length."""
    return {result}(name=data.name.strip(), email=data.email.lower(), count=count)
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One way to serve the application.

    Attributes:
        command: The arguments of the interpreter; `{port}` is filled in.
        variables: Those of the environment.
        seconds, cpu, memory: What each process took, in s, s and MB.
    """

    command: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict[str, str])
    seconds: list[float] = field(default_factory=list[float])
    cpu: list[float] = field(default_factory=list[float])
    memory: list[float] = field(default_factory=list[float])

    def measure(self, folder: Path) -> None:
        """Starts a process, asks it until it answers, and ends it."""
        port = free_port()
        command = [sys.executable, *(one.format(port=port) for one in self.command)]
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment() | self.variables)
        try:
            while not asked(port):
                if process.poll() is not None or time.perf_counter() - started > DEADLINE:
                    raise SystemExit(f"{command} did not answer")
                time.sleep(0.002)
            self.seconds.append(time.perf_counter() - started)
            self.cpu.append(cpu_of(process.pid))
            self.memory.append(memory_of(process.pid))
        finally:
            process.terminate()
            process.wait(DEADLINE)


def environment() -> dict[str, str]:
    """That of this process, with bytecode cached."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


def asked(port: int) -> bool:
    """Whether a request is answered with what the model says."""
    body = json.dumps({"name": " Ada ", "email": "A@B.C"}).encode()
    url = f"http://127.0.0.1:{port}/feature-0/1/0"
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
            found = json.load(answer)
    except urllib.error.URLError as error:
        if isinstance(error, urllib.error.HTTPError):
            raise SystemExit(f"{error.code} {error.read().decode()}") from error
        return False
    if (found["name"], found["email"]) != ("Ada", "a@b.c"):
        raise SystemExit(f"another answer: {found}")
    return True


def cpu_of(pid: int) -> float:
    """User and system time of a process, in s."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_of(pid: int) -> float:
    """The resident memory of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def write_peer(folder: Path, functions: int) -> None:
    """Writes the FastAPI application beside the other one, a module for each feature."""
    features = sorted(one for one in (folder / "app").glob("feature_*"))
    (folder / "peer").mkdir()
    (folder / "peer" / "__init__.py").touch()
    for number, feature in enumerate(features):
        wired = (feature / "wirings.py").read_text()
        numbers = [one for one in range(functions) if f"function_{one:05}," in wired]
        models = sorted(
            {f"Input{one:05}" for one in numbers} | {f"Result{one // 2:05}" for one in numbers}
        )
        text = PEER.format(feature=feature.name, models=", ".join(models))
        for one in numbers:
            data, result = f"Input{one:05}", f"Result{one // 2:05}"
            text += ROUTE.format(prefix=f"feature-{number}", number=one, data=data, result=result)
        (folder / "peer" / f"{feature.name}.py").write_text(text)
    names = [feature.name for feature in features]
    main = ["from fastapi import FastAPI", "", f"from peer import {', '.join(names)}", ""]
    main += ["def create_app():", "    app = FastAPI()"]
    main += [f"    app.include_router({name}.router)" for name in names]
    (folder / "peer" / "main.py").write_text("\n".join([*main, "    return app", ""]))


def show(what: str, server: Server) -> None:
    cells = [
        f"{name} {statistics.median(values):.{places}f} ({min(values):.{places}f} to {max(values):.{places}f}) {unit}"
        for name, values, places, unit in (
            ("clock", server.seconds, 2, "s"),
            ("cpu", server.cpu, 2, "s"),
            ("memory", server.memory, 0, "MB"),
        )
    ]
    print(f"{what:24} {'  '.join(cells)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the first answered request.")
    parser.add_argument("--functions", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=9)
    given = parser.parse_args()
    servers = {
        "Pikku, all at start": Server(command=(*UVICORN, "pikku_http:create_app")),
        "Pikku, http.lazy": Server(
            command=(*UVICORN, "pikku_http:create_app"), variables={"PIKKU_HTTP_LAZY": "true"}
        ),
        "FastAPI": Server(command=(*UVICORN, "peer.main:create_app")),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate_app(folder, functions=given.functions, files=max(10, given.functions // 5))
        subprocess.run(
            [sys.executable, "-c", PIKKU],
            cwd=folder,
            env=environment(),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        write_peer(folder, given.functions)
        for server in servers.values():  # writes bytecode
            server.measure(folder)
            for values in (server.seconds, server.cpu, server.memory):
                values.clear()
        for _ in range(given.repeat):
            for server in servers.values():
                server.measure(folder)
    print(f"{given.functions} functions")
    for what, server in servers.items():
        show(what, server)


if __name__ == "__main__":
    main()
