"""From the job of a firing to an outcome: the functions of an App's schedules, put together once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pikku_core import DeclarationError, FunctionNotFoundError, UnauthorizedError
from pikku_core.duration import seconds_of
from pikku_core.runtime import NO_DATA, Read
from pikku_core.tracing import trace_id
from pikku_queue.queue.attempt import Attempts
from pikku_queue.queue.outcome import Discarded, Failed, Retried
from pikku_queue.scheduler.firing import Firing
from pikku_queue.scheduler.task import TaskWire
from pikku_queue.scheduler.wiring import SchedulerWiring

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core import App
    from pikku_core.runtime.records import FunctionRecord
    from pikku_queue.queue.claim import Claims
    from pikku_queue.queue.message import Delivery, Message
    from pikku_queue.queue.outcome import Outcome

ELSEWHERE: Final = 5.0
"""Seconds after which a job is offered again whose schedule this process does not have: others may."""
PATIENCE: Final = 86_400.0
"""Seconds for which it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """What a firing calls."""

    wiring: str
    function: str
    attempts: Attempts
    timezone: str = "UTC"


class SchedulerRunner:
    """Runs the firings of an App's schedules, and one-off calls; the App must have been started.

    Args:
        now: The time in seconds since 1970, UTC.
        claims: Reads who a one-off call runs as; None: nobody.

    Raises:
        DeclarationError: A wiring does not fit its function.
    """

    def __init__(self, app: App, *, now: Callable[[], float], claims: Claims | None = None) -> None:
        self._app = app
        self._now = now
        self._claims = claims
        self._calls: dict[str, Fired] = {}
        self._fired: dict[str, Fired] = {}
        for row in app.wirings("scheduler", SchedulerWiring):
            wiring = row.load()
            self._fired[wiring.name] = self._compiled(wiring, row.function)

    async def execute(self, delivery: Delivery) -> Outcome:
        """Runs one attempt."""
        message = delivery.message
        try:
            firing = Firing.from_json(message.data)
        except ValueError as error:
            return Failed(error=str(error), code="no_firing")
        if firing.skipped:
            return Discarded(reason=firing.skipped)
        fired = self._called(firing.name) if firing.is_call else self._fired.get(firing.name)
        if fired is None:
            return self._missing(firing)
        wire = TaskWire(fired.wiring, fired.function, delivery, firing, fired.timezone)
        before = trace_id.set(wire.trace_id)
        try:
            if message.claim:
                wire.session = self._session(message)
            return await fired.attempts.run(wire)
        except Exception as error:  # noqa: BLE001 - a forged claim is an outcome, not a fault of the worker
            return fired.attempts.failed(wire, error)
        finally:
            trace_id.reset(before)

    def _session(self, message: Message) -> Any:
        if self._claims is None:
            raise UnauthorizedError(
                'The call carries a session, and the project has no service "queue_claims" to read it with.'
            )
        return self._claims.session(message)

    def _compiled(self, wiring: SchedulerWiring, function: str) -> Fired:
        record = self._app.record(function)
        refuse_data(wiring, record)
        plan = self._app.plan(
            function,
            wiring=wiring,
            wire=TaskWire,
            read=None if record.data is None else Read(_no_data),
            write=record.result.write_json,
        )
        timeout = None if wiring.timeout is None else seconds_of(wiring.timeout)
        return Fired(
            wiring=wiring.id,
            function=function,
            attempts=Attempts(invoke=plan.invoke, timeout=timeout),
            timezone=wiring.timezone,
        )

    def _called(self, name: str) -> Fired | None:
        """What a one-off call calls, compiled when it is first called."""
        if name in self._calls:
            return self._calls[name]
        try:
            record = self._app.record(name)
        except FunctionNotFoundError:
            return None
        read = None
        if record.data is not None:
            read_json, default = record.data.read_json, record.default
            read = Read(lambda wire: _read(wire.firing.data, read_json, default))
        plan = self._app.plan(name, wire=TaskWire, read=read, write=record.result.write_json)
        attempts = Attempts(invoke=plan.invoke)
        fired = self._calls[name] = Fired(wiring=name, function=name, attempts=attempts)
        return fired

    def _missing(self, firing: Firing) -> Outcome:
        what = "function" if firing.is_call else "schedule"
        error = f'No worker has the {what} "{firing.name}".'
        if self._now() - firing.due < PATIENCE:
            return Retried(after=ELSEWHERE, error=error, code="schedule_not_found")
        return Failed(error=error, code="schedule_not_found")


def refuse_data(wiring: SchedulerWiring, record: FunctionRecord) -> None:
    """Raises `DeclarationError` where a schedule calls a function that cannot do without data."""
    if record.data is not None and record.default is NO_DATA:
        raise DeclarationError(
            f'The schedule "{wiring.name}" calls "{record.id}", which takes data: give its parameter a default.'
        )


def _no_data(_: TaskWire) -> Any:
    return NO_DATA


def _read(data: str, read_json: Callable[[bytes], Any], default: Any) -> Any:
    return NO_DATA if data == "null" and default is not NO_DATA else read_json(data.encode())
