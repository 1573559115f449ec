"""A SQLite file: one thread writes it, another reads it.

A commit waits for the disk. Operations that arrive while one commit is under way share the next one, so that many small writes are
durable at the price of a few. Reading needs no lock that a writer of another process may hold (https://www.sqlite.org/wal.html).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final, Literal, TypeAlias, TypeVar

from pikku_core import ServiceUnavailableError
from pikku_queue.queue.embedded.schema import migrate

R = TypeVar("R")

Operation: TypeAlias = Callable[[sqlite3.Connection], Any]
Entry: TypeAlias = "tuple[Operation, asyncio.Future[Any]]"
Begin: TypeAlias = Literal["begin", "begin immediate"]

AT_ONCE: Final = 256
"""Operations of one transaction at most."""
MEMORY: Final = ":memory:"


class Store:
    """A SQLite file.

    Args:
        path: The file, or `:memory:`.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._writer = ConnectionThread(path, "begin immediate")
        # What is in memory belongs to one connection.
        self._reader = self._writer if path == MEMORY else ConnectionThread(path, "begin")

    async def open(self) -> None:
        """Opens the file.

        Raises:
            ServiceUnavailableError: It cannot be opened, or is of a later version.
        """
        try:
            await self._writer.open()  # First: it makes the tables.
            if self._reader is not self._writer:
                await self._reader.open()
        except sqlite3.Error as error:
            await self.close()
            raise ServiceUnavailableError(
                f'The queue\'s file "{self._path}" cannot be opened: {error}.'
            ) from error

    async def close(self) -> None:
        """Closes the file when all that was asked for is done."""
        if self._reader is not self._writer:
            await self._reader.close()
        await self._writer.close()

    async def run(self, operation: Callable[[sqlite3.Connection], R]) -> R:
        """What an operation returns, once it is on the disk; what it raises has changed nothing.

        Raises:
            ServiceUnavailableError: The file is closed, or cannot be written.
        """
        return await self._writer.run(operation)

    async def read(self, operation: Callable[[sqlite3.Connection], R]) -> R:
        """What an operation that changes nothing returns, of what is on the disk now.

        Raises:
            ServiceUnavailableError: The file is closed, or cannot be read.
        """
        return await self._reader.run(operation)


class ConnectionThread:
    """A connection, and the thread that it is used in.

    Args:
        begin: How its transactions begin.
    """

    def __init__(self, path: str, begin: Begin) -> None:
        self._path = path
        self._begin: Begin = begin
        self._entries: SimpleQueue[Entry | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self) -> None:
        """Connects; raises what that raises."""
        self._loop = asyncio.get_running_loop()
        opened: asyncio.Future[None] = self._loop.create_future()
        self._thread = Thread(target=self._work, args=(opened,), name="pikku-queue", daemon=True)
        self._thread.start()
        try:
            await opened
        except BaseException:
            self._thread = None
            raise

    async def close(self) -> None:
        """Ends when all that was asked for is done."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._entries.put(None)
            await asyncio.to_thread(thread.join)

    async def run(self, operation: Callable[[sqlite3.Connection], R]) -> R:
        """What an operation returns, in a transaction that it may share."""
        if self._loop is None or self._thread is None:
            raise ServiceUnavailableError("The queue is closed.")
        future: asyncio.Future[R] = self._loop.create_future()
        self._entries.put((operation, future))
        return await asyncio.shield(future)

    def _work(self, opened: asyncio.Future[None]) -> None:
        assert self._loop is not None
        try:
            connection = connected(self._path)
        except (sqlite3.Error, ServiceUnavailableError) as error:
            self._loop.call_soon_threadsafe(opened.set_exception, error)
            return
        self._loop.call_soon_threadsafe(opened.set_result, None)
        try:
            while entries := self._together():
                settled = committed(connection, entries, self._begin)
                self._loop.call_soon_threadsafe(settle, settled)
        finally:
            connection.close()

    def _together(self) -> list[Entry]:
        """What there is to do; empty at the end."""
        entries: list[Entry] = []
        entry = self._entries.get()
        while entry is not None:
            entries.append(entry)
            if len(entries) == AT_ONCE or self._entries.empty():
                return entries
            entry = self._entries.get()
        if entries:
            self._entries.put(None)
        return entries


Settled: TypeAlias = "tuple[asyncio.Future[Any], Any, BaseException | None]"


def committed(connection: sqlite3.Connection, entries: list[Entry], begin: Begin) -> list[Settled]:
    """Runs operations in one transaction; one that raises is undone by itself."""
    settled: list[Settled] = []
    try:
        connection.execute(begin)
        for operation, future in entries:
            connection.execute("savepoint operation")
            try:
                settled.append((future, operation(connection), None))
            except Exception as error:  # noqa: BLE001 - whoever asked gets it
                connection.execute("rollback to operation")
                settled.append((future, None, error))
            connection.execute("release operation")
        connection.execute("commit")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("rollback")
        what = "read" if begin == "begin" else "written"
        failure = ServiceUnavailableError(f"The queue's file cannot be {what}: {error}.")
        return [(future, None, failure) for _, future in entries]
    return settled


def settle(settled: list[Settled]) -> None:
    """Tells those who asked."""
    for future, result, error in settled:
        if future.done():
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)


def connected(path: str) -> sqlite3.Connection:
    """A connection whose commits are on the disk, to a file that other processes may have open too."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30, cached_statements=256)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection
