"""The wire thing `schedule`: one-off calls, and what can be asked and said of schedules."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Unpack, get_args

from pikku_core import DeclarationError, HasBlockingTwin
from pikku_core.duration import seconds_of
from pikku_core.nearest import nearest_name
from pikku_core.tracing import trace_id
from pikku_queue.queue.backoff import Backoff
from pikku_queue.queue.handle import JobHandle
from pikku_queue.queue.message import Message
from pikku_queue.queue.producer import JOB_ID
from pikku_queue.queue.record import Status
from pikku_queue.scheduler import QUEUE
from pikku_queue.scheduler.errors import ScheduleNotFoundError
from pikku_queue.scheduler.firing import Firing, firing_record, firing_records
from pikku_queue.scheduler.options import CallOptions
from pikku_queue.scheduler.overlap import overlapping
from pikku_queue.scheduler.record import ScheduleRecord
from pikku_queue.scheduler.timetable import zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_queue.scheduler.connection import ScheduleConnection
    from pikku_queue.scheduler.entry import Entry
    from pikku_queue.scheduler.firing import FiringRecord
    from pikku_queue.scheduler.store import ScheduleState

PENDING: Final[tuple[Status, ...]] = ("active", "waiting", "delayed")
OPTIONS: Final = frozenset(CallOptions.__annotations__)


class Schedule(HasBlockingTwin):
    """Calls functions later, and looks after schedules; `from pikku_app import Schedule` is the project's typed one.

    ```python
    @pikku_func
    async def order(data: Order, *, schedule: Schedule) -> None:
        await schedule.rpc("remind", Reminder(order=data.id), after="3d")
    ```

    Args:
        connection: The store and the backend.
    """

    __slots__ = ("_connection",)

    def __init__(self, connection: ScheduleConnection) -> None:
        self._connection = connection

    async def rpc(
        self, name: str, data: Any = None, /, **options: Unpack[CallOptions]
    ) -> JobHandle[Any]:
        """Calls a function once, later, by its name; returns when the backend has it.

        Args:
            name: The function, as `rpc.invoke` takes it.
            data: What it takes.
            options: See `CallOptions`.

        Raises:
            FunctionNotFoundError: No function has the name.
            InvalidDataError: The data does not fit it.
            DeclarationError: An option is not well-formed, or there is no such.
            ServiceUnavailableError: The backend cannot be reached.
        """
        connection = self._connection
        function = connection.app.resolve(name)
        write, read = connection.codec(function)
        message = self._call(function, write(data), options)
        (added,) = await connection.backend.enqueue([message])
        return JobHandle(connection.backend, QUEUE, added, read)

    async def unschedule(self, id: str) -> bool:
        """Cancels a one-off call or a firing that is not done; whether there was one."""
        return await self._connection.backend.cancel(QUEUE, id)

    async def calls(self, *, limit: int = 100) -> Sequence[FiringRecord]:
        """The one-off calls that are to be made, the next one first."""
        found = await self._records(PENDING, limit)
        calls = [record for record in found if record.is_call]
        return sorted(calls, key=lambda one: (one.due, one.id))[:limit]

    async def list(self) -> Sequence[ScheduleRecord]:
        """The schedules of this process, by name."""
        entries = self._connection.entries
        states = await self._connection.store.states(list(entries))
        records = (self._record(one, states.get(one.name)) for one in entries.values())
        return await asyncio.gather(*records)

    async def firings(self, name: str = "", *, limit: int = 100) -> Sequence[FiringRecord]:
        """The last firings of a schedule, or of all, the latest first; settled ones are kept for a week."""
        if name:
            self._entry(name)
        found = await self._records(get_args(Status), 10 * limit if name else limit)
        fired = [one for one in found if not one.is_call and name in ("", one.name)]
        return sorted(fired, key=lambda one: (one.due, one.id), reverse=True)[:limit]

    async def pause(self, name: str) -> bool:
        """Lets a schedule fire no more, in all processes, until it is resumed; whether it did before.

        Raises:
            ScheduleNotFoundError: There is none of that name.
        """
        await self._begin(self._entry(name))
        return await self._connection.store.pause(name)

    async def resume(self, name: str) -> bool:
        """Lets it fire again, from the next moment on; whether it was paused.

        Raises:
            ScheduleNotFoundError: There is none of that name.
        """
        return await self._connection.store.resume(self._entry(name).name, self._connection.now())

    async def trigger(self, name: str) -> JobHandle[Any]:
        """Fires a schedule now, whether or not it is due, enabled or paused; what `overlap` says holds.

        Raises:
            ScheduleNotFoundError: There is none of that name.
        """
        connection, entry = self._connection, self._entry(name)
        state = await self._begin(entry)
        skipped = await overlapping(entry, state, connection.backend)
        now = connection.now()
        message = entry.message(round(now, 3), now=now, skipped=skipped, is_triggered=True)
        await connection.backend.enqueue([message])
        if not skipped:
            await connection.store.ran(name, message.id)
        _, read = connection.codec(connection.functions[name])
        return JobHandle(connection.backend, QUEUE, message.id, read)

    def blocking_twin(self) -> Any:
        """What sync functions are given."""
        from pikku_queue.scheduler.blocking import SyncSchedule

        return SyncSchedule(self)

    def _call(self, function: str, data: bytes, options: CallOptions) -> Message:
        connection = self._connection
        now = connection.now()
        due = _due(options, now)
        firing = Firing(name=function, due=due, is_call=True, data=data.decode())
        message = Message(
            id=options.get("job_id") or uuid.uuid4().hex,
            queue=QUEUE,
            data=firing.to_json(),
            attempts=options.get("attempts", 1),
            backoff=options.get("backoff") or Backoff(),
            due=due if due > now else None,
            trace_id=trace_id.get(),
            enqueued=now,
        )
        session = options.get("session")
        if session is None:
            return message
        if connection.claims is None:
            raise DeclarationError(
                'A call cannot carry a session: the project has no service "queue_claims", which signs it.'
            )
        claim = connection.claims.of(
            session, queue=QUEUE, id=message.id, data=message.data, wait=max(0.0, due - now)
        )
        return replace(message, claim=claim)

    async def _records(self, statuses: Sequence[Status], limit: int) -> Sequence[FiringRecord]:
        backend = self._connection.backend
        jobs = await asyncio.gather(*(backend.list(QUEUE, one, limit) for one in statuses))
        return list(firing_records(job for each in jobs for job in each))

    async def _record(self, entry: Entry, state: ScheduleState | None) -> ScheduleRecord:
        wiring, connection = entry.wiring, self._connection
        paused = state is not None and state.is_paused
        due = entry.following(connection.now()) if wiring.enabled and not paused else None
        job = None
        if state is not None and state.job:
            job = await connection.backend.get(QUEUE, state.job)
        return ScheduleRecord(
            name=wiring.name,
            schedule=wiring.schedule,
            timezone=wiring.timezone,
            function=connection.functions[wiring.name],
            is_enabled=wiring.enabled,
            is_paused=paused,
            next=None
            if due is None
            else datetime.fromtimestamp(due, UTC).astimezone(zone_of(wiring.timezone)),
            last=None if job is None else firing_record(job),
        )

    async def _begin(self, entry: Entry) -> ScheduleState:
        store = self._connection.store
        states = await store.states([entry.name])
        if entry.name not in states:
            await store.begin({entry.name: entry.spec}, self._connection.now())
            states = await store.states([entry.name])
        return states[entry.name]

    def _entry(self, name: str) -> Entry:
        entries: Mapping[str, Entry] = self._connection.entries
        entry = entries.get(name)
        if entry is not None:
            return entry
        near = nearest_name(name, sorted(entries))
        hint = f' Did you mean "{near}"?' if near else ""
        raise ScheduleNotFoundError(f'There is no schedule "{name}" in this project.{hint}')


def _due(options: CallOptions, now: float) -> float:
    """When a call is to be made.

    Raises:
        DeclarationError: An option is not well-formed.
    """
    unknown = sorted(options.keys() - OPTIONS)
    if unknown:
        raise DeclarationError(f'A call has no option "{unknown[0]}".')
    if options.get("attempts", 1) < 1:
        raise DeclarationError('The option "attempts" of a call must be 1 or more.')
    job_id = options.get("job_id", "")
    if job_id and not JOB_ID.fullmatch(job_id):
        raise DeclarationError(
            f'The option "job_id" of a call is "{job_id}": letters, digits, "_", "-", "." and ":" (200 at most).'
        )
    at = options.get("at")
    if at is None:
        try:
            return now + seconds_of(options.get("after", 0))
        except ValueError as error:
            raise DeclarationError(str(error)) from None
    if "after" in options:
        raise DeclarationError('A call is made "after" a while or "at" a moment: give one of them.')
    if at.tzinfo is None:
        raise DeclarationError(
            'The option "at" of a call has no time zone: datetime(..., tzinfo=UTC).'
        )
    return at.timestamp()
