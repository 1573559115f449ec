"""The tables of the embedded backend, and how the file of an earlier version becomes one of this version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core import ServiceUnavailableError

if TYPE_CHECKING:
    from sqlite3 import Connection

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        # Files of before there were versions have these already.
        """
        create table if not exists jobs (
            number integer primary key autoincrement,
            queue text not null,
            id text not null,
            status text not null,
            data blob not null,
            attempt integer not null default 0,
            attempts integer not null,
            backoff text not null,
            priority integer not null,
            due real,
            expires real,
            job_group text not null,
            trace_id text not null,
            claim text not null,
            enqueued real not null,
            started real,
            ended real,
            lease real,
            token text,
            progress text,
            result blob,
            error text not null default '',
            code text not null default '',
            unique (queue, id)
        ) strict
        """,
        "create index if not exists next_jobs on jobs (queue, status, priority desc, number)",
        "create index if not exists due_jobs on jobs (status, due) where status = 'delayed'",
        "create index if not exists leased_jobs on jobs (lease) where status = 'active'",
        "create table if not exists begun (queue text primary key, next real not null) strict",
    ),
    (
        "drop index next_jobs",
        # With the group, so that jobs of a group which may not run are passed over without reading their rows.
        "create index next_jobs on jobs (queue, status, priority desc, number, job_group)",
        "create index active_groups on jobs (queue, job_group) where status = 'active' and job_group <> ''",
        "create index expiring_jobs on jobs (expires) where status = 'waiting' and expires is not null",
        "create index settled_jobs on jobs (queue, ended) where status in ('completed', 'discarded', 'cancelled')",
        "create table kept (queue text primary key, seconds real, seen real not null) strict",
    ),
    (
        """
        create table schedules (
            name text primary key,
            spec text not null,
            last real not null,
            job text not null default '',
            is_paused integer not null default 0
        ) strict
        """,
        """
        create table schedule_leases (
            name text primary key,
            holder text not null,
            until real not null
        ) strict
        """,
    ),
)
"""The statements that lead from each version to the next; that of a file is its `user_version`."""

VERSION: Final = len(MIGRATIONS)


def migrate(connection: Connection, path: str) -> None:
    """Brings a file to this version.

    Raises:
        ServiceUnavailableError: It is of a later one.
    """
    if version_of(connection) == VERSION:
        return
    connection.execute("begin immediate")
    try:
        found = version_of(connection)  # Another process may have been first.
        if found > VERSION:
            raise ServiceUnavailableError(
                f'The queue\'s file "{path}" was written by a later version of pikku-queue: its tables are of version '
                f'{found}, and this one knows {VERSION}. Install that version, or name another file in "queue.database".'
            )
        for statements in MIGRATIONS[found:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"pragma user_version = {VERSION}")
        connection.execute("commit")
    finally:
        if connection.in_transaction:
            connection.execute("rollback")


def version_of(connection: Connection) -> int:
    """The version of a file's tables; 0 for a file that is empty, or of before there were versions."""
    version: int = connection.execute("pragma user_version").fetchone()[0]
    return version
