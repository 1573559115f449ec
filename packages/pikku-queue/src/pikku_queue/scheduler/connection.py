"""The service `schedule_connection`: an App's schedules, their store, and the backend of their firings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core import DeclarationError, pikku_service
from pikku_core.runtime.records import NO_DATA
from pikku_queue.scheduler.entry import Entry
from pikku_queue.scheduler.producer import Schedule
from pikku_queue.scheduler.store import KeepsSchedules
from pikku_queue.scheduler.wiring import SchedulerWiring

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pikku_core import App
    from pikku_core.services.clock import Clock
    from pikku_queue.queue.backend import Backend
    from pikku_queue.queue.claim import Claims
    from pikku_queue.queue.connection import QueueConnection
    from pikku_queue.scheduler.store import ScheduleStore


class ScheduleConnection:
    """The App's connection to its schedules. Opened when the App has started, after its queues.

    Args:
        queues: Where the firings are.

    Attributes:
        entries: The schedules, by name, sorted.
        functions: The id of each one's function.
    """

    def __init__(self, queues: QueueConnection) -> None:
        self._queues = queues
        self._app: App | None = None
        self._store: ScheduleStore | None = None
        self.entries: Mapping[str, Entry] = {}
        self.functions: Mapping[str, str] = {}

    @property
    def app(self) -> App:
        """The App.

        Raises:
            RuntimeError: It has not started yet.
        """
        if self._app is None:
            raise RuntimeError("The schedules are not open before the App has started.")
        return self._app

    @property
    def store(self) -> ScheduleStore:
        """The store, open; raises `RuntimeError` before the App has started."""
        if self._store is None:
            raise RuntimeError("The schedules are not open before the App has started.")
        return self._store

    @property
    def backend(self) -> Backend:
        """Where the firings are."""
        return self._queues.backend

    @property
    def clock(self) -> Clock:
        """The App's clock."""
        return self._queues.clock

    @property
    def claims(self) -> Claims | None:
        """Signs who a one-off call runs as."""
        return self._queues.claims

    def now(self) -> float:
        """Seconds since 1970, UTC, by the App's clock."""
        return self._queues.now()

    def open(self, app: App) -> None:
        """Opens the store beside the jobs.

        Raises:
            DeclarationError: The backend keeps no schedules.
        """
        backend = self._queues.backend
        if not isinstance(backend, KeepsSchedules):
            raise DeclarationError(
                f'The backend "{backend.name}" of the queues keeps no schedules.'
            )
        rows = {row.load().name: row for row in app.wirings("scheduler", SchedulerWiring)}
        self.entries = {name: Entry.of(rows[name].load()) for name in sorted(rows)}
        self.functions = {name: row.function for name, row in rows.items()}
        self._app, self._store = app, backend.schedules()

    def codec(self, function: str) -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
        """What validates and writes the data of a function as JSON, and what reads its result.

        Raises:
            DeclarationError: It is a stream.
        """
        record = self.app.record(function)
        if record.is_stream:
            raise DeclarationError(f'"{function}" is a stream: it cannot be called later.')
        if record.data is None:
            return _nothing, record.result.read_json
        read_value, write_json = record.data.read_value, record.data.write_json
        has_default = record.default is not NO_DATA

        def write(data: Any) -> bytes:
            return b"null" if data is None and has_default else write_json(read_value(data))

        return write, record.result.read_json


@pikku_service(name="schedule_connection")
async def schedule_connection(*, queue_connection: QueueConnection) -> ScheduleConnection:
    """What producers, the beat and workers share."""
    return ScheduleConnection(queue_connection)


@pikku_service(name="schedule")
async def schedule(*, schedule_connection: ScheduleConnection) -> Schedule:
    """The wire thing `schedule`."""
    return Schedule(schedule_connection)


def _nothing(data: Any) -> bytes:
    if data is not None:
        raise DeclarationError("The function takes no data.")
    return b"null"
