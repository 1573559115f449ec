"""The server: `pikku serve` and `pikku dev` run it beside the other transports, in one event loop."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import closing
from typing import TYPE_CHECKING

from acme_line.line import Connection
from acme_line.runner import Runner, refusal
from pikku_core import PayloadTooLargeError

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter, Task
    from pathlib import Path

    from pikku_core import App
    from pikku_core.runtime import Serving


async def serve(app: App, serving: Serving) -> None:
    """Answers lines until it is told to stop; what is being answered by then is answered."""
    settings = serving.settings["line"]
    path = serving.root / settings["socket"]
    _make_way(path)
    server = Server(Runner(app))
    # Leaving the group waits for the conversations that still have an answer to give.
    async with asyncio.TaskGroup() as conversations:

        def connected(reader: StreamReader, writer: StreamWriter) -> None:
            conversations.create_task(server.converse(reader, writer))

        listener = await asyncio.start_unix_server(connected, path, limit=settings["max_line"])
        try:
            serving.ready(f"unix:{path}")
            await serving.stopping.wait()
        finally:
            listener.close()
            path.unlink(missing_ok=True)
        server.stop()


class Server:
    """The conversations with all clients."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._waiting: set[Task[None]] = set()
        self._stopping = False

    def stop(self) -> None:
        """Ends the conversations in which it is the client's turn, and each other one after its answer."""
        self._stopping = True
        for task in self._waiting:
            task.cancel()

    async def converse(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answers the lines of one client, in order."""
        connection = Connection(**_peer(writer))
        with closing(writer):
            try:
                while not self._stopping and (line := await self._next_line(reader)):
                    writer.write(await self._runner.answer(line, connection))
                    await writer.drain()
            except PayloadTooLargeError as error:
                writer.write(refusal(error))
            except ConnectionError:
                pass  # The client has gone: there is nobody to tell.

    async def _next_line(self, reader: StreamReader) -> bytes:
        """The next line, empty at the end.

        Raises:
            PayloadTooLargeError: It is longer than the limit, so that nobody knows where the one behind it begins.
        """
        task = asyncio.current_task()
        assert task is not None
        self._waiting.add(task)
        try:
            return await reader.readline()
        except ValueError:
            raise PayloadTooLargeError("The line is too long.") from None
        finally:
            self._waiting.discard(task)


def _make_way(path: Path) -> None:
    """Removes the socket that a killed server left behind, and refuses to take anything else's place."""
    if not path.exists():
        return
    if not path.is_socket():
        raise OSError(f'"{path}" is there and no socket: set another "socket".')
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise OSError(f'Another server listens on "{path}": stop it, or set another "socket".')


def _peer(writer: StreamWriter) -> dict[str, int]:
    """Who is at the other end, where the system tells (Linux: SO_PEERCRED)."""
    option: int | None = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return {}
    form = struct.Struct("3i")
    raw = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, option, form.size)
    process, user, _ = form.unpack(raw)
    return {"process": process, "user": user}
