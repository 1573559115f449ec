"""The schedules' store in the SQLite file of the embedded backend."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pikku_queue.scheduler.store import ScheduleState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from sqlite3 import Connection

    from pikku_queue.queue.embedded.store import Store
    from pikku_queue.scheduler.store import Advance


class EmbeddedScheduleStore:
    """Schedules in a SQLite file.

    Args:
        store: The file, which is open.
        now: Seconds since 1970, UTC.
    """

    def __init__(self, store: Store, *, now: Callable[[], float]) -> None:
        self._store = store
        self._now = now

    async def hold(self, group: str, holder: str, lease: float) -> bool:
        """Takes or renews the lease."""
        return await self._store.run(
            partial(hold, group=group, holder=holder, now=self._now(), lease=lease)
        )

    async def release(self, group: str, holder: str) -> None:
        """Gives it back."""
        await self._store.run(partial(release, group=group, holder=holder))

    async def begin(self, specs: Mapping[str, str], now: float) -> None:
        """Makes the states that are not there."""
        await self._store.run(partial(begin, specs=specs, now=now))

    async def states(self, names: Sequence[str]) -> Mapping[str, ScheduleState]:
        """The states that are there."""
        return await self._store.read(partial(states, names=names))

    async def advance(self, changes: Sequence[Advance]) -> Sequence[str]:
        """Moves `last` on."""
        return await self._store.run(partial(advance, changes=changes))

    async def ran(self, name: str, job: str) -> None:
        """Notes a job."""
        await self._store.run(partial(ran, name=name, job=job))

    async def pause(self, name: str) -> bool:
        """Lets a schedule fire no more."""
        return await self._store.run(partial(pause, name=name))

    async def resume(self, name: str, now: float) -> bool:
        """Lets it fire again."""
        return await self._store.run(partial(resume, name=name, now=now))


def hold(connection: Connection, *, group: str, holder: str, now: float, lease: float) -> bool:
    """Takes a lease that is free, over or the holder's; one that ends too late is of a clock that was set back since."""
    changed = connection.execute(
        "insert into schedule_leases (name, holder, until) values (?, ?, ?) on conflict (name) do update "
        "set holder = excluded.holder, until = excluded.until "
        "where holder = excluded.holder or until <= ? or until > ?",
        (group, holder, now + lease, now, now + lease),
    )
    return changed.rowcount > 0


def release(connection: Connection, *, group: str, holder: str) -> None:
    """Gives a lease back."""
    connection.execute("delete from schedule_leases where name = ? and holder = ?", (group, holder))


def begin(connection: Connection, *, specs: Mapping[str, str], now: float) -> None:
    """Makes states that are not there, or of another spec."""
    connection.executemany(
        "insert into schedules (name, spec, last) values (?, ?, ?) on conflict (name) do update "
        "set spec = excluded.spec, last = excluded.last where spec != excluded.spec",
        [(name, spec, now) for name, spec in specs.items()],
    )


def states(connection: Connection, *, names: Sequence[str]) -> dict[str, ScheduleState]:
    """States by name."""
    found: dict[str, ScheduleState] = {}
    for name in names:
        row = connection.execute("select * from schedules where name = ?", (name,)).fetchone()
        if row is not None:
            found[name] = ScheduleState(
                spec=row["spec"],
                last=row["last"],
                job=row["job"],
                is_paused=bool(row["is_paused"]),
            )
    return found


def advance(connection: Connection, *, changes: Sequence[Advance]) -> list[str]:
    """Moves on those that nobody else has moved."""
    moved: list[str] = []
    for change in changes:
        changed = connection.execute(
            "update schedules set last = ?, job = iif(? = '', job, ?) where name = ? and last = ?",
            (change.last, change.job, change.job, change.name, change.was),
        )
        if changed.rowcount:
            moved.append(change.name)
    return moved


def ran(connection: Connection, *, name: str, job: str) -> None:
    """Notes the last job."""
    connection.execute("update schedules set job = ? where name = ?", (job, name))


def pause(connection: Connection, *, name: str) -> bool:
    """Pauses one that is not paused."""
    changed = connection.execute(
        "update schedules set is_paused = 1 where name = ? and not is_paused", (name,)
    )
    return changed.rowcount > 0


def resume(connection: Connection, *, name: str, now: float) -> bool:
    """Resumes one that is paused."""
    changed = connection.execute(
        "update schedules set is_paused = 0, last = max(last, ?) where name = ? and is_paused",
        (now, name),
    )
    return changed.rowcount > 0
