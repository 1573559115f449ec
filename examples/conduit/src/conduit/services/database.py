from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import resources
from queue import Empty, LifoQueue
from typing import TYPE_CHECKING

from pikku_core import pikku_service

if TYPE_CHECKING:
    from pathlib import Path

    from pikku_app import Variables


class Database:
    """A SQLite file and the connections to it that are not in use.

    Args:
        path: The file; it and its tables are made where there are none.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        with self.transaction() as connection:
            schema = resources.files("conduit.services").joinpath("schema.sql")
            connection.executescript(schema.read_text("utf-8"))

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """A connection of one's own; commits at the end, rolls back when an error comes through.

        The lock for writing is taken by the first statement that writes, so readers never wait.
        """
        connection = self._take()
        try:
            with connection:
                yield connection
        finally:
            self._idle.put(connection)

    def close(self) -> None:
        while not self._idle.empty():
            self._idle.get_nowait().close()

    def _take(self) -> sqlite3.Connection:
        try:
            return self._idle.get_nowait()
        except Empty:
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=10,
            isolation_level="IMMEDIATE",
            check_same_thread=False,  # it changes threads between transactions, never within one
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection


@pikku_service
def database(*, variables: Variables) -> Iterator[Database]:
    path = variables.database
    try:
        opened = Database(path)
    except sqlite3.Error as error:
        message = f'The database "{path}" cannot be opened: {error}. Set CONDUIT_DATABASE.'
        raise RuntimeError(message) from error
    yield opened
    opened.close()


@pikku_service(scope="call")
def transaction(*, database: Database) -> Iterator[sqlite3.Connection]:
    """What a function writes is kept only if it succeeds."""
    with database.transaction() as connection:
        yield connection
