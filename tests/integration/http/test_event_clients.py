"""Clients of events for as long as a person stays on a page: logins, servers that start again, tabs that are closed."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx2 as httpx
import pytest
from tests.integration.http.conftest import SERVE, TIMEOUT, running
from tests.integration.http.node import NODE, installed

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.integration.http.conftest import Generated, Server, StartedServer

EVENTS = {"accept": "text/event-stream"}
PROJECT = """
[tool.pikku]
source = ["app"]
"""
MODULE = """
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from pikku_core import (
    Logger,
    Sessions,
    pikku_func,
    pikku_service,
    pikku_session,
    pikku_sessionless_func,
)
from pikku_core.services import Clock, Signer
from pikku_http import (
    EventChannel,
    ServerSentEvent,
    cookie_session,
    csrf,
    http_middleware,
    wire_http,
)
from pydantic import BaseModel


@pikku_session
class Session(BaseModel):
    user: str


class Room(BaseModel):
    name: str


class Message(BaseModel):
    number: int
    to: str


class Subscription:
    pass


@pikku_service
def cookie_signer(*, clock: Clock) -> Signer:
    return Signer(["a secret that is known to the tests"], clock=clock)


@pikku_service(scope="call")
async def subscription(*, logger: Logger) -> AsyncIterator[Subscription]:
    logger.warning("subscribed")
    try:
        yield Subscription()
    except BaseException as error:
        logger.warning("ended by %s", type(error).__name__)
        raise
    finally:
        logger.warning("unsubscribed")


@pikku_sessionless_func
async def login(data: str, *, sessions: Sessions[Session]) -> None:
    sessions.set(Session(user=data))


@pikku_func
async def watch(
    data: Room, *, session: Session, channel: EventChannel[Message], subscription: Subscription
) -> AsyncIterator[ServerSentEvent[Message]]:
    # Two messages for each connection, after those that the client has seen, and four in all.
    seen = channel.last_event_id
    begin = 0 if seen is None else int(seen) + 1
    for number in range(begin, begin + 2):
        message = Message(number=number, to=session.user)
        yield ServerSentEvent(message, event="message-of-" + data.name, id=str(number), retry=50)
    if begin == 0:
        await asyncio.Event().wait()


@pikku_sessionless_func
async def push(data: Room, *, channel: EventChannel[str], subscription: Subscription) -> str:
    await channel.send("hello", event=data.name)
    await asyncio.Event().wait()
    return "never"


http_middleware("*", [csrf(), cookie_session(Session)])
wire_http(method="post", route="/login", func=login)
wire_http(method="get", route="/rooms/{name}", func=watch, sse=True)
wire_http(method="post", route="/pushes/{name}", func=push, sse=True)
"""

WATCH = """
import { EventSource } from "eventsource";

const [url, cookie] = process.argv.slice(2);
const say = (what) => process.stdout.write(JSON.stringify(what) + "\\n");
const alive = setInterval(() => {}, 1000); // The client does not keep the program running while it waits.
const source = new EventSource(url, {
  fetch: (address, init) => fetch(address, { ...init, headers: { ...init.headers, cookie } }),
});
source.addEventListener("open", () => say("open"));
source.addEventListener("message-of-lobby", (event) => say([event.lastEventId, JSON.parse(event.data)]));
source.addEventListener("error", (event) => {
  if (source.readyState === source.CLOSED) {
    say(["closed", event.code]);
    clearInterval(alive);
  }
});
source.addEventListener("done", () => {
  source.close();
  say("done");
  clearInterval(alive);
});
"""


@pytest.fixture(scope="module")
def chat(generated: Generated) -> Path:
    """A project with events for who is logged in."""
    files = {"pyproject.toml": PROJECT, "app/__init__.py": "", "app/main.py": MODULE}
    return generated(files, name="chat")


@pytest.fixture
def served(chat: Path) -> Generator[StartedServer]:
    with running(chat, SERVE) as server:
        yield server


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that prints what the `EventSource` of npm sees, line by line."""
    program = installed(tmp_path_factory.mktemp("watching"), "eventsource@5.1.5") / "watch.mjs"
    program.write_text(WATCH)
    return program


class Watcher:
    """The program while it runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def said(self) -> Any:
        """What it says next."""
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def rest(self) -> list[Any]:
        """What it says until it ends by itself."""
        output, errors = self.process.communicate(timeout=TIMEOUT)
        assert self.process.returncode == 0, errors
        return [json.loads(line) for line in output.splitlines()]


@contextmanager
def watching(program: Path, url: str, cookie: str) -> Generator[Watcher]:
    process = subprocess.Popen(
        [NODE, str(program), url, cookie],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Watcher(process)
        finally:
            process.kill()


def logged_in(server: Server) -> str:
    """The cookie of who has logged in, as a client sends it."""
    answer = httpx.post(f"{server.url}/login", json="ada")
    assert answer.status_code == 204
    cookie: str = answer.headers["set-cookie"].partition(";")[0]
    return cookie


def message(number: int) -> list[Any]:
    return [str(number), {"number": number, "to": "ada"}]


def test_an_event_source_is_known_by_its_cookie_and_survives_a_server_that_starts_again(
    chat: Path, program: Path
) -> None:
    with running(chat, (*SERVE, "--grace", "60")) as server:
        port = server.port
        cookie = logged_in(server)
        with watching(program, f"{server.url}/rooms/lobby", cookie) as watcher:
            assert [watcher.said() for _ in range(3)] == ["open", message(0), message(1)]
            server.stop()
            assert len(server.log.lines_with("unsubscribed")) == 1
            with running(chat, (*SERVE[:-1], str(port))):
                # While the first stops it may be asked again: that stream ends at once.
                said = [one for one in watcher.rest() if one != "open"]
                assert said == [message(2), message(3), "done"]


def test_an_event_source_without_a_session_is_refused_and_does_not_come_back(
    served: StartedServer, program: Path
) -> None:
    with watching(program, f"{served.url}/rooms/lobby", "__Host-session=forged") as watcher:
        assert watcher.rest() == [["closed", 401]]


def test_an_event_source_that_is_closed_ends_the_function_and_its_services(
    served: StartedServer, program: Path
) -> None:
    with watching(program, f"{served.url}/rooms/lobby", logged_in(served)) as watcher:
        assert [watcher.said() for _ in range(3)] == ["open", message(0), message(1)]
        assert served.log.lines_with("subscribed")
        watcher.process.kill()
        assert served.log.lines_with("ended by CancelledError")
        assert served.log.lines_with("unsubscribed")


def test_curl_shows_events_while_they_come_and_its_end_ends_the_function(
    served: StartedServer,
) -> None:
    program = shutil.which("curl")
    assert program is not None
    command = [program, "-sN", "-H", "accept: text/event-stream", "-X", "POST"]
    command += ["-H", "content-type: application/json", "-d", "{}", f"{served.url}/pushes/news"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as curl:
        assert curl.stdout is not None
        assert [curl.stdout.readline() for _ in range(3)] == [
            "event: news\n",
            'data: "hello"\n',
            "\n",
        ]
        curl.send_signal(signal.SIGINT)
    assert served.log.lines_with("ended by CancelledError")
    assert served.log.lines_with("unsubscribed")


def test_httpx_reads_events_and_who_stops_reading_ends_the_function(served: StartedServer) -> None:
    url = f"{served.url}/pushes/news"
    with httpx.stream("POST", url, json={}, headers=EVENTS) as response:
        assert response.headers["content-type"] == "text/event-stream"
        assert next(response.iter_lines()) == "event: news"
    assert served.log.lines_with("ended by CancelledError")
    assert served.log.lines_with("unsubscribed")


def test_of_many_clients_that_leave_at_once_each_is_torn_down(served: StartedServer) -> None:
    streams = 30
    connections = [served.connect() for _ in range(streams)]
    request = b"POST /pushes/news HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n"
    request += b"content-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
    for connection in connections:
        connection.sendall(request)
    for connection in connections:
        received = b""
        while b"hello" not in received:
            received += connection.recv(65536)
    for connection in connections:
        connection.close()
    assert len(served.log.lines_with("unsubscribed", streams)) == streams
