"""The server of `pikku serve`, and how it ends: real sockets, in this process."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import pytest
import uvicorn

from pikku_http.http.server.lingering import LingeringConnection
from pikku_http.http.server.server import Server

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from pathlib import Path

pytestmark = pytest.mark.anyio

REQUEST = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
TIMEOUT = 30


class Application:
    """Answers with its name; below /wait only once it is told to."""

    def __init__(self, name: bytes = b"hello") -> None:
        self.name = name
        self.go = asyncio.Event()
        self.begun = asyncio.Event()
        self.cancelled = False

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        if scope["path"] == "/wait":
            self.begun.set()
            try:
                await self.go.wait()
            except asyncio.CancelledError:
                self.cancelled = True
                raise
        headers = [(b"content-length", b"%d" % len(self.name))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.name})


@pytest.fixture
def listening() -> Generator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as opened:
        opened.setblocking(False)
        yield opened


@asynccontextmanager
async def served(
    app: Application, listening: socket.socket, *, grace: float = TIMEOUT, hand_over: bool = False
) -> AsyncGenerator[Server]:
    """A server that runs, and has ended when the context has."""
    started = asyncio.Event()
    config = uvicorn.Config(
        app, http=LingeringConnection, ws="none", lifespan="off", log_config=None
    )
    server = Server(
        config, grace=grace, listening=listening, hand_over=hand_over, started=started.set
    )
    running = asyncio.create_task(server.serve(sockets=[listening.dup()]))
    await started.wait()
    try:
        yield server
    finally:
        server.should_exit = True
        await asyncio.wait_for(running, TIMEOUT)


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - uvicorn tells nobody
        await asyncio.sleep(0)


async def connected(
    server: Server, listening: socket.socket
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that the server has accepted."""
    before = set(server.server_state.connections)
    reader, writer = await asyncio.open_connection(*listening.getsockname()[:2])
    await until(lambda: set(server.server_state.connections) != before)
    return reader, writer


async def test_a_connection_without_a_request_is_given_time_for_one(
    listening: socket.socket,
) -> None:
    async with served(Application(), listening) as server:
        reader, writer = await connected(server, listening)
        for connection in server.server_state.connections:
            connection.shutdown()
        writer.write(REQUEST)
        answer = await asyncio.wait_for(reader.read(), TIMEOUT)
        assert b"connection: close" in answer
        assert answer.endswith(b"hello")
        writer.close()


async def test_a_request_that_has_begun_is_waited_for(listening: socket.socket) -> None:
    async with served(Application(), listening) as server:
        reader, writer = await connected(server, listening)
        (connection,) = server.server_state.connections
        assert isinstance(connection, LingeringConnection)
        writer.write(REQUEST[:20])
        await until(lambda: bool(connection.scope))
        connection.shutdown()
        connection.close_if_idle()
        writer.write(REQUEST[20:])
        answer = await asyncio.wait_for(reader.read(), TIMEOUT)
        assert b"connection: close" in answer
        writer.close()


async def test_a_connection_that_stays_idle_is_closed(listening: socket.socket) -> None:
    async with served(Application(), listening) as server:
        reader, writer = await connected(server, listening)
        writer.write(REQUEST)
        assert b"hello" in await asyncio.wait_for(reader.readuntil(b"hello"), TIMEOUT)
        for connection in server.server_state.connections:
            connection.shutdown()
        assert await asyncio.wait_for(reader.read(), TIMEOUT) == b""
        writer.close()


async def test_what_is_being_answered_is_the_last_answer(listening: socket.socket) -> None:
    app = Application()
    async with served(app, listening) as server:
        reader, writer = await connected(server, listening)
        writer.write(REQUEST.replace(b"GET /", b"GET /wait"))
        await app.begun.wait()
        server.should_exit = True
        (connection,) = server.server_state.connections
        assert isinstance(connection, LingeringConnection)
        await until(lambda: connection.is_last)
        app.go.set()
        assert b"connection: close" in await asyncio.wait_for(reader.read(), TIMEOUT)
        writer.close()


async def test_who_waits_to_be_accepted_is_answered_and_who_comes_later_refused(
    listening: socket.socket,
) -> None:
    address = listening.getsockname()[:2]
    async with served(Application(), listening, grace=5) as server:
        # The loop does not run meanwhile: the system alone has made these connections.
        queued = [socket.create_connection(address) for _ in range(20)]
        for each in queued:
            each.sendall(REQUEST)
        server.should_exit = True
    for each in queued:
        each.settimeout(TIMEOUT)
        assert each.recv(1000).startswith(b"HTTP/1.1 200")
        each.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=TIMEOUT)


async def test_who_waits_is_left_to_the_process_that_takes_over(listening: socket.socket) -> None:
    address = listening.getsockname()[:2]
    async with served(Application(b"old"), listening, hand_over=True):
        pass
    with socket.create_connection(address) as queued:
        queued.sendall(REQUEST)
        queued.setblocking(False)
        async with served(Application(b"new"), listening, hand_over=True):
            answer = await asyncio.wait_for(
                asyncio.get_running_loop().sock_recv(queued, 1000), TIMEOUT
            )
    assert answer.endswith(b"new")


async def test_what_is_late_is_cancelled_and_has_ended_when_the_server_has(
    listening: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    app = Application()
    async with served(app, listening, grace=0.1) as server:
        _, writer = await connected(server, listening)
        writer.write(REQUEST.replace(b"GET /", b"GET /wait"))
        await app.begun.wait()
    assert app.cancelled
    assert "Cut off after 0.1 s: 1 requests" in caplog.text
    assert not server.server_state.tasks
    writer.close()


async def test_a_busy_socket_where_new_ones_cannot_be_kept_out_still_ends(tmp_path: Path) -> None:
    path = str(tmp_path / "socket")
    stop = threading.Event()

    def keep_connecting() -> None:
        while not stop.is_set():
            try:
                with socket.socket(socket.AF_UNIX) as client:
                    client.settimeout(1)
                    client.connect(path)
            except OSError:
                continue

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen(100)
        listening.setblocking(False)
        clients = [threading.Thread(target=keep_connecting) for _ in range(3)]
        async with served(Application(), listening, grace=1):
            for each in clients:
                each.start()
        stop.set()
        for each in clients:
            each.join()


async def test_what_goes_on_though_it_was_cut_off_is_named(
    listening: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    go = asyncio.Event()

    class Stubborn(Application):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            try:
                await super().__call__(scope, receive, send)
            except asyncio.CancelledError:
                await go.wait()

    app = Stubborn()
    async with served(app, listening, grace=0.1) as server:
        _, writer = await connected(server, listening)
        writer.write(REQUEST.replace(b"GET /", b"GET /wait"))
        await app.begun.wait()
    assert "Still running 0.8 s after they were cut off, while services stop: 1 requests." in (
        caplog.text
    )
    go.set()
    await until(lambda: not server.server_state.tasks)
    writer.close()


async def test_a_connection_that_cannot_be_told_keeps_nothing_from_the_others(
    listening: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def shutdown(self) -> None:
            raise RuntimeError("the handler is closed")

    app, broken = Application(), cast("Any", Broken())
    async with served(app, listening) as server:
        reader, writer = await connected(server, listening)
        writer.write(REQUEST.replace(b"GET /", b"GET /wait"))
        await app.begun.wait()
        server.server_state.connections.add(broken)
        server.should_exit = True
        await until(lambda: "could not be told" in caplog.text)
        app.go.set()
        assert (await asyncio.wait_for(reader.read(), TIMEOUT)).endswith(b"hello")
        server.server_state.connections.discard(broken)
        writer.close()
