"""Connections in a server of this process."""

from __future__ import annotations

import asyncio
import gc
import weakref
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pytest
import uvicorn
from uvicorn.server import ServerState

from pikku_http.http.server.connection import Connection, look_after
from pikku_http.http.server.limits import Limits

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

pytestmark = pytest.mark.anyio

TIMEOUT = 30
REQUEST = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
LARGE = 32 * 1024 * 1024
HASTY = Limits(header_timeout=0.2, shut=0.6, parting=0.2)


class Application:
    """Streams what it is told to, one item for each release."""

    def __init__(self) -> None:
        self.cycles: list[weakref.ref[Any]] = []
        self.items: asyncio.Queue[bytes] = asyncio.Queue()
        self.left = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.cycles.append(weakref.ref(receive.__self__))
        if scope["path"] == "/large":
            await self.go.wait()
            headers = [(b"content-length", b"%d" % LARGE)]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": bytes(LARGE)})
            return
        if scope["path"] != "/stream":
            headers = [(b"content-length", b"5")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"hello"})
            return
        watch = asyncio.create_task(self._watch(receive))
        first = await self.items.get()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": first, "more_body": True})
        while item := await self.items.get():
            await send({"type": "http.response.body", "body": item, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        await watch

    async def _watch(self, receive: Callable[[], Awaitable[Any]]) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.left.set()


@asynccontextmanager
async def served(
    app: Application, limits: Limits, kind: type[Connection] = Connection
) -> AsyncGenerator[tuple[int, ServerState]]:
    """The port of a server whose connections are looked after, and its state."""
    state = ServerState()
    config = uvicorn.Config(app, ws="none", lifespan="off", log_config=None)
    config.load()
    make = partial(kind, limits=limits, config=config, server_state=state, app_state={})
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    looking = asyncio.create_task(look_after(state.connections, limits))
    try:
        yield server.sockets[0].getsockname()[1], state
    finally:
        looking.cancel()
        server.close()
        for task in set(state.tasks):
            task.cancel()


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(TIMEOUT):
        while not holds():  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\nconnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n",
    ],
)
async def test_no_request_outlives_its_connection(head: bytes) -> None:
    app = Application()
    gc.collect()
    gc.disable()
    try:
        async with served(app, Limits()) as (port, state):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head)
            assert (await reader.read()).endswith(b"hello")
            writer.close()
            await until(lambda: not state.connections and not state.tasks)
            await until(lambda: app.cycles[0]() is None)
    finally:
        gc.enable()


async def test_a_stream_that_begins_late_is_not_cut_when_it_does() -> None:
    app = Application()
    async with served(app, Limits(header_timeout=0.2, parting=0.2)) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        slow, _writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /stream HTTP/1.1\r\nhost: x\r\n\r\n")
        writer.write_eof()
        assert await slow.read() == b""  # so that more than `parting` is over
        app.items.put_nowait(b"late")
        assert await reader.readuntil(b"late") is not None
        app.items.put_nowait(b"later")
        app.items.put_nowait(b"")
        assert (await reader.read()).endswith(b"later\r\n0\r\n\r\n")
        writer.close()
        _writer.close()


async def test_a_stream_that_does_not_begin_ends_for_a_client_that_has_shut_its_side() -> None:
    app = Application()
    async with served(app, HASTY) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /stream HTTP/1.1\r\nhost: x\r\n\r\n")
        writer.write_eof()
        assert await asyncio.wait_for(reader.read(), TIMEOUT) == b""
        await asyncio.wait_for(app.left.wait(), TIMEOUT)
        writer.close()


class Unseen(Connection):
    """One whose first look fails."""

    looks = 0

    @property
    def watch(self) -> Any:
        type(self).looks += 1
        raise RuntimeError("unseen")

    @watch.setter
    def watch(self, _: object) -> None: ...


async def test_one_connection_that_cannot_be_looked_after_ends_no_timeouts(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with served(Application(), HASTY, Unseen) as (port, _):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        await until(lambda: Unseen.looks > 1)
        writer.close()
    assert "A connection could not be looked after." in caplog.text


async def test_a_connection_told_to_stop_still_answers_all_that_was_sent() -> None:
    app = Application()
    async with served(app, Limits()) as (port, state):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /stream HTTP/1.1\r\nhost: x\r\n\r\n")
        await until(lambda: app.cycles)
        writer.write(REQUEST)
        await until(lambda: any(cast("Connection", one).pipeline for one in state.connections))
        writer.write(REQUEST * 3)
        (connection,) = state.connections
        connection.shutdown()
        await until(lambda: len(cast("Connection", connection).pipeline) == 4)
        app.items.put_nowait(b"a")
        app.items.put_nowait(b"")
        got = await asyncio.wait_for(reader.read(), TIMEOUT)
        assert got.count(b"HTTP/1.1 200") == 5
        assert got.count(b"connection: close") == 1
        assert got.index(b"connection: close") > got.rindex(b"HTTP/1.1 200")
        writer.close()
        with suppress(ConnectionResetError):
            await writer.wait_closed()


async def test_a_last_answer_may_take_long_to_read() -> None:
    app = Application()
    async with served(app, Limits(header_timeout=1.0, parting=0.1)) as (port, state):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        slow, _writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
        await until(lambda: app.cycles)
        for connection in state.connections:
            connection.shutdown()
        _writer.write(b"G")
        app.go.set()
        # Meanwhile the time in which a client has to notice the end is over several times.
        assert b" 408 " in await slow.read()
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"connection: close" in head
        assert len(await reader.read()) == LARGE
        writer.close()
        _writer.close()
