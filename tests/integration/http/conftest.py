"""A project with one route of each kind, served by real processes."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from pikku_core.testing.temporary import write_files

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping
    from contextlib import AbstractContextManager

COMMANDS = Path(sys.executable).parent
SERVE = (str(COMMANDS / "pikku"), "serve", "--port", "0")
UVICORN = (str(COMMANDS / "uvicorn"), "--factory", "pikku_http:create_app", "--port", "0")
LIMIT = 1_000_000
"""The largest body that the project takes."""
TIMEOUT = 60.0

PROJECT = f"""
[tool.pikku]
source = ["app"]

[tool.pikku.http]
max_body = {LIMIT}
"""

MODULE = """
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

from pikku_core import pikku_sessionless_func
from pikku_http import EventChannel, FileAnswer, Http, Redirect, ServerSentEvent, wire_http
from pydantic import BaseModel, ConfigDict


class Note(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str
    weight: float = 0.0


class Public(BaseModel):
    name: str


class File(BaseModel):
    rest: str


class Search(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = ""


@pikku_sessionless_func
async def hello() -> str:
    return "hello"


@pikku_sessionless_func
async def write_note(data: Note) -> Note:
    return data


@pikku_sessionless_func
async def people() -> list[Public]:
    return [{"name": "Ada", "password": "secret"}]  # type: ignore[list-item]  # what a database gives


@pikku_sessionless_func
async def person() -> Public:
    return {"nickname": "Ada"}  # type: ignore[return-value]  # what is wrong with this function


@pikku_sessionless_func
async def read_file(data: File) -> str:
    return data.rest


@pikku_sessionless_func
async def search(data: Search) -> str:
    return data.text


@pikku_sessionless_func
async def blob() -> bytes:
    return bytes(100_000)


@pikku_sessionless_func
async def away() -> Redirect:
    return Redirect("/hello")


@pikku_sessionless_func
async def broken() -> str:
    raise RuntimeError("the password is x")


@pikku_sessionless_func
async def leave() -> str:
    raise SystemExit("the password is x")


@pikku_sessionless_func
async def cancelled() -> str:
    raise asyncio.CancelledError("the password is x")


@pikku_sessionless_func
async def split(*, http: Http) -> str:
    http.set_header("x-name", "a\\r\\nset-cookie: x=1")
    return "never"


@pikku_sessionless_func
async def who(*, http: Http) -> list[str | None]:
    return [http.client, http.scheme]


@pikku_sessionless_func
async def slow() -> str:
    await asyncio.sleep(3600)
    return "never"


@pikku_sessionless_func
async def download(data: File) -> FileAnswer:
    return FileAnswer(data.rest, root=".")


class Upto(BaseModel):
    end: int


class Stream(BaseModel):
    name: str


CLOSED: dict[str, asyncio.Future[str]] = {}
FLOOD = [0]


def closed_as(name: str) -> asyncio.Future[str]:
    return CLOSED.setdefault(name, asyncio.get_running_loop().create_future())


@pikku_sessionless_func
async def count(data: Upto) -> AsyncIterator[int]:
    for number in range(data.end):
        yield number


@pikku_sessionless_func
def count_in_thread(data: Upto) -> Iterator[int]:
    yield from range(data.end)


@pikku_sessionless_func
async def blocks(data: Upto) -> AsyncIterator[bytes]:
    for _ in range(data.end):
        yield bytes(65536)


@pikku_sessionless_func
async def breaks() -> AsyncIterator[int]:
    yield 1
    raise RuntimeError("the password is x")


@pikku_sessionless_func
async def ticks(data: Stream) -> AsyncIterator[int]:
    try:
        yield 0
        yield 1
        await asyncio.Event().wait()
    except BaseException as error:
        closed_as(data.name).set_result(type(error).__name__)
        raise


@pikku_sessionless_func
async def watch(data: Stream, *, channel: EventChannel[int]) -> AsyncIterator[ServerSentEvent[int]]:
    # Two events for each connection, after those that the client has seen.
    seen = channel.last_event_id
    try:
        begin = 0 if seen is None else int(seen) + 1
        for number in range(begin, begin + 2):
            yield ServerSentEvent(number, event="tick", id=str(number), retry=10)
        if seen is None and data.name == "cut":
            raise RuntimeError("the password is x")
        if data.name != "cut":
            await asyncio.Event().wait()
    except BaseException as error:
        closed_as(data.name).set_result(type(error).__name__)
        raise


@pikku_sessionless_func
async def build(*, channel: EventChannel[int]) -> str:
    await channel.send(50)
    return "built"


@pikku_sessionless_func
async def closed(data: Stream) -> str:
    return await closed_as(data.name)


@pikku_sessionless_func
async def flood() -> AsyncIterator[bytes]:
    while True:
        FLOOD[0] += 1
        yield bytes(65536)


@pikku_sessionless_func
async def flooded() -> int:
    before = -1
    while before != FLOOD[0]:  # The buffers of both sockets are filled.
        before = FLOOD[0]
        await asyncio.sleep(0.2)
    return before


wire_http(method="get", route="/download/{rest:path}", func=download)
wire_http(method="get", route="/count", func=count)
wire_http(method="get", route="/count-in-thread", func=count_in_thread)
wire_http(method="get", route="/blocks", func=blocks)
wire_http(method="get", route="/breaks", func=breaks)
wire_http(method="get", route="/ticks/{name}", func=ticks)
wire_http(method="get", route="/watch/{name}", func=watch, sse=True)
wire_http(method="get", route="/build", func=build, sse=True)
wire_http(method="get", route="/closed/{name}", func=closed)
wire_http(method="get", route="/flood", func=flood)
wire_http(method="get", route="/flooded", func=flooded)
wire_http(method="get", route="/hello", func=hello)
wire_http(method="post", route="/notes", func=write_note)
wire_http(method="get", route="/people", func=people)
wire_http(method="get", route="/person", func=person)
wire_http(method="get", route="/files/{rest:path}", func=read_file)
wire_http(method="get", route="/search", func=search)
wire_http(method="get", route="/blob", func=blob)
wire_http(method="get", route="/away", func=away)
wire_http(method="get", route="/broken", func=broken)
wire_http(method="get", route="/leave", func=leave)
wire_http(method="get", route="/cancelled", func=cancelled)
wire_http(method="get", route="/split", func=split)
wire_http(method="get", route="/slow", func=slow)
wire_http(method="get", route="/who", func=who)
"""


class Log:
    """What a server prints once it listens."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._grown = threading.Condition()

    def read(self, output: Iterable[str]) -> None:
        """Reads to the end."""
        for line in output:
            with self._grown:
                self._lines.append(line)
                self._grown.notify_all()

    def lines_with(self, text: str, count: int = 1) -> list[str]:
        """The lines that hold a text, as soon as there are so many.

        Raises:
            TimeoutError: There are not.
        """
        with self._grown:
            if not self._grown.wait_for(lambda: len(self._found(text)) >= count, TIMEOUT):
                raise TimeoutError("".join(self._lines))
            return self._found(text)

    def _found(self, text: str) -> list[str]:
        return [line for line in self._lines if text in line]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        """A raw connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)

    def exchange(self, request: bytes, *, then_half_close: bool = False) -> bytes:
        """Sends bytes and returns all that comes back until the server closes."""
        with self.connect() as connection:
            connection.sendall(request)
            if then_half_close:
                connection.shutdown(socket.SHUT_WR)
            return received(connection)

    def alive(self) -> bool:
        """Whether it still answers."""
        answer = self.exchange(b"GET /hello HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        return answer.startswith(b"HTTP/1.1 200") and answer.endswith(b'"hello"')


@dataclass(frozen=True, slots=True)
class StartedServer(Server):
    """A server whose process the tests have started."""

    process: subprocess.Popen[str]
    log: Log

    def stop(self) -> None:
        """Ends it as who runs it does, and waits until it has stopped."""
        self.process.terminate()
        assert self.process.wait(TIMEOUT / 2) == 0


def received(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    parts: list[bytes] = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


class Generated(Protocol):
    """Writes a project into a folder of that name, runs `pikku` on it, which must go well, and gives the folder."""

    def __call__(self, files: Mapping[str, str], name: str = "shop") -> Path: ...


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    """Makes projects for real processes."""

    def make(files: Mapping[str, str], name: str = "shop") -> Path:
        root = tmp_path_factory.mktemp("generated") / name
        write_files(root, {"pyproject.toml": '[tool.pikku]\nsource = ["app"]\n', **files})
        done = pikku(root)
        assert done.returncode == 0, done.stdout + done.stderr
        return root

    return make


def pikku(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a project, whatever comes of it."""
    return subprocess.run(
        [*SERVE[:1], *arguments],
        cwd=root,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


@pytest.fixture(scope="session")
def project(generated: Generated) -> Path:
    """The folder of the generated project."""
    return generated({"pyproject.toml": PROJECT, "app/__init__.py": "", "app/notes.py": MODULE})


@contextmanager
def running(root: Path, command: tuple[str, ...], **variables: str) -> Generator[StartedServer]:
    """Runs a server in a project and ends it."""
    process = subprocess.Popen(
        command,
        cwd=root,
        env=environment() | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            log = Log()
            yield StartedServer(listening(process, log), process, log)
            process.terminate()
            process.communicate(timeout=TIMEOUT)
        finally:
            process.kill()


def listening(process: subprocess.Popen[str], log: Log | None = None) -> int:
    """Reads on until the server says on which port it listens; what it prints later goes to the log."""
    output = process.stdout
    assert output is not None
    killer = threading.Timer(TIMEOUT, process.kill)
    killer.start()
    printed: list[str] = []
    for line in output:
        printed.append(line)
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if found:
            killer.cancel()
            read = (Log() if log is None else log).read
            threading.Thread(target=read, args=(output,), daemon=True).start()
            return int(found[1])
    raise AssertionError("".join(printed))


def environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("PIKKU_")}
    return own | {"NO_COLOR": "1"}


SERVERS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "pikku": (SERVE, {}),
    "uvicorn": (UVICORN, {}),
    "lazy": (UVICORN, {"PIKKU_HTTP_LAZY": "true"}),
}


@pytest.fixture(scope="session", params=SERVERS)
def either(request: pytest.FixtureRequest, project: Path) -> Generator[Server]:
    """The project behind `pikku serve`, behind uvicorn itself, and with functions that the first request imports."""
    command, variables = SERVERS[request.param]
    with running(project, command, **variables) as server:
        yield server


@pytest.fixture(scope="session")
def server(project: Path) -> Generator[Server]:
    """The project behind `pikku serve`."""
    with running(project, SERVE) as running_server:
        yield running_server


@pytest.fixture(scope="session")
def run() -> Callable[..., AbstractContextManager[str]]:
    """Serves any project by `pikku serve` while the context lasts and gives its address."""

    @contextmanager
    def serving(root: Path, **variables: str) -> Generator[str]:
        with running(root, SERVE, **variables) as running_server:
            yield running_server.url

    return serving
