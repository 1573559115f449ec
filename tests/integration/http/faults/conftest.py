"""A project behind `pikku serve`, as a process and in a thread of this one, for clients that speak raw bytes."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.http.conftest import (
    SERVE,
    TIMEOUT,
    Server,
    environment,
    listening,
)

from pikku_core.runtime.serving import Serving
from pikku_core.settings import load_settings
from pikku_http.http.server.serve import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from concurrent.futures import Future
    from contextlib import AbstractContextManager

    from tests.integration.conftest import Project

MODULE = Path(__file__).with_name("routes.py").read_text()
SETTINGS = '[tool.pikku]\nsource = ["app"]\n'
HELLO = b"GET /hello HTTP/1.1\r\nhost: x\r\n\r\n"
POST = b"POST /notes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
NOTE = b'{"text":"a"}'
SHORT = {"header_timeout": 1.0, "body_timeout": 1.0, "keep_alive": 1.0, "send_timeout": 1.0}
"""Limits that are waited for."""
MiB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Process(Server):
    """A server in a process of its own."""

    pid: int

    def descriptors(self) -> int:
        """How many files and connections it has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def memory(self) -> int:
        """The most memory that it has had, in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(
            int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")
        )


def answers(received_bytes: bytes) -> list[Answer]:
    """The answers in what was received, all of them framed by `Content-Length` or by its end."""
    found: list[Answer] = []
    rest = received_bytes
    while rest:
        head, separator, rest = rest.partition(b"\r\n\r\n")
        assert separator, head
        line, *fields = head.decode("latin-1").split("\r\n")
        pairs = (field.split(": ", 1) for field in fields)
        headers = dict(pairs)
        length = int(headers.get("content-length", len(rest)))
        found.append(Answer(int(line.split(" ")[1]), headers, rest[:length]))
        rest = rest[length:]
    return found


def answer(received_bytes: bytes) -> Answer:
    """The only answer in what was received."""
    (only,) = answers(received_bytes)
    return only


def next_answer(connection: socket.socket) -> Answer:
    """Reads one answer that has a length, and no further."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(1)
    length = int(answer(got).headers["content-length"])
    while len(got.partition(b"\r\n\r\n")[2]) < length:
        got += connection.recv(1)
    return answer(got)


def closed(connection: socket.socket) -> bytes:
    """All that comes until the server ends the connection, by a reset too."""
    parts: list[bytes] = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def poured(connection: socket.socket, part: bytes, times: int) -> None:
    """Sends a part many times, or until the server takes no more."""
    try:
        for _ in range(times):
            connection.sendall(part)
    except (ConnectionResetError, BrokenPipeError):
        pass


@contextmanager
def process(root: Path, settings: Mapping[str, Any]) -> Generator[Process]:
    """`pikku serve` in a project."""
    variables = {f"PIKKU_HTTP_{name.upper()}": str(value) for name, value in settings.items()}
    with subprocess.Popen(
        SERVE,
        cwd=root,
        env=environment() | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        try:
            yield Process(listening(running), running.pid)
        finally:
            running.terminate()
            running.wait(TIMEOUT)


@contextmanager
def thread(project: Project, settings: Mapping[str, Any]) -> Generator[Server]:
    """The serve component in an event loop of asyncio's own; `pikku serve` runs it in uvloop."""
    table = dict(load_settings(project.root, project.registry).plugins["http"]) | dict(settings)
    listener = socket.create_server(("127.0.0.1", 0))
    serving = Serving(root=project.root, socket=listener, settings={"http": table}, grace=1.0)
    loop = asyncio.new_event_loop()

    async def main() -> None:
        async with project.load() as app:
            await serve(app, serving)

    async def begun() -> None:
        await serving.started.wait()

    runner = threading.Thread(target=loop.run_forever)
    runner.start()
    running: Future[None] = asyncio.run_coroutine_threadsafe(main(), loop)
    try:
        asyncio.run_coroutine_threadsafe(begun(), loop).result(TIMEOUT)
        yield Server(listener.getsockname()[1])
    finally:
        loop.call_soon_threadsafe(serving.stopping.set)
        running.result(TIMEOUT)
        loop.call_soon_threadsafe(loop.stop)
        runner.join(TIMEOUT)
        loop.close()
        listener.close()


@pytest.fixture(scope="module")
def routes(
    a_project: Callable[[Mapping[str, str]], AbstractContextManager[Project]],
) -> Iterator[Project]:
    """The project of these tests."""
    files = {"pyproject.toml": SETTINGS, "app/__init__.py": "", "app/routes.py": MODULE}
    with a_project(files) as project:
        yield project


@pytest.fixture(scope="module")
def serving(
    routes: Project,
) -> Callable[..., AbstractContextManager[Process]]:
    """Serves the project by `pikku serve`, with settings of `http`."""

    def serve_it(**settings: Any) -> AbstractContextManager[Process]:
        return process(routes.root, settings)

    return serve_it


@pytest.fixture(scope="module", params=["uvloop", "asyncio"])
def patient(request: pytest.FixtureRequest, routes: Project) -> Generator[Server]:
    """The project as it is served by default."""
    with either(request.param, routes, {}) as server:
        yield server


@pytest.fixture(scope="module", params=["uvloop", "asyncio"])
def hasty(request: pytest.FixtureRequest, routes: Project) -> Generator[Server]:
    """The project with timeouts that a test can wait for."""
    with either(request.param, routes, SHORT) as server:
        yield server


def either(
    loop: str, project: Project, settings: Mapping[str, Any]
) -> AbstractContextManager[Server]:
    """A process, whose loop is uvloop, or a thread with asyncio's."""
    return process(project.root, settings) if loop == "uvloop" else thread(project, settings)


__all__ = [
    "HELLO",
    "NOTE",
    "POST",
    "Answer",
    "MiB",
    "Process",
    "answer",
    "answers",
    "closed",
    "next_answer",
    "poured",
]
