"""From a delivery to an outcome: the functions of an App's queues, put together once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pikku_core import DeclarationError, UnauthorizedError
from pikku_core.duration import seconds_of
from pikku_core.runtime import Read
from pikku_core.tracing import trace_id
from pikku_queue.queue.attempt import Attempts
from pikku_queue.queue.errors import QueueNotFoundError
from pikku_queue.queue.job import JobWire
from pikku_queue.queue.outcome import Discarded, Failed
from pikku_queue.queue.wiring import QueueWiring

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from pikku_core import App
    from pikku_queue.queue.backend import Execute
    from pikku_queue.queue.claim import Claims
    from pikku_queue.queue.message import Delivery, Message
    from pikku_queue.queue.outcome import Outcome
    from pikku_queue.queue.worker_config import WorkerConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A queue that this process works off."""

    wiring: QueueWiring
    function: str
    attempts: Attempts


class QueueRunner:
    """Runs the jobs of an App's queues; the App must have been started.

    Args:
        queues: Those to work off; None: all.
        report: Records the progress of a job, by queue and id.
        claims: Reads who a job runs as; None: nobody.
        now: The time in seconds since 1970, UTC.

    Raises:
        DeclarationError: A wiring does not fit its function, or there is no such queue.
    """

    def __init__(
        self,
        app: App,
        *,
        report: Callable[[str, str, Any], Awaitable[None]],
        now: Callable[[], float],
        claims: Claims | None = None,
        queues: Collection[str] | None = None,
    ) -> None:
        self._app = app
        self._report = report
        self._claims = claims
        self._now = now
        self._worked: dict[str, Worked] = {}
        for row in app.wirings("queue", QueueWiring):
            wiring = row.load()
            if queues is None or wiring.name in queues:
                self._worked[wiring.name] = self._compiled(wiring, row.function)
        for name in queues or ():
            if name not in self._worked:
                raise DeclarationError(f'There is no queue "{name}": {self._known()}.')

    @property
    def configs(self) -> Mapping[str, WorkerConfig]:
        """What each queue's worker says, by queue."""
        return {name: one.wiring.config for name, one in self._worked.items()}

    @property
    def execute(self) -> Execute:
        """Runs one attempt."""
        return self._execute

    def _compiled(self, wiring: QueueWiring, function: str) -> Worked:
        record = self._app.record(function)
        read = None
        if record.data is not None:
            read_json, default = record.data.read_json, record.default
            read = Read(lambda wire: _read(wire.delivery.message.data, read_json, default))
        plan = self._app.plan(
            function, wiring=wiring, wire=JobWire, read=read, write=record.result.write_json
        )
        timeout = wiring.config.timeout
        attempts = Attempts(
            invoke=plan.invoke,
            final=wiring.final,
            timeout=None if timeout is None else seconds_of(timeout),
        )
        return Worked(wiring=wiring, function=function, attempts=attempts)

    async def _execute(self, delivery: Delivery) -> Outcome:
        message = delivery.message
        worked = self._worked.get(message.queue)
        if worked is None:
            missing = QueueNotFoundError(f'This worker has no queue "{message.queue}".')
            return Failed(error=missing.message, code=missing.code)
        late = message.expires is not None and self._now() > message.expires
        if late and delivery.attempt == 1:
            return Discarded(reason="It expired before it was begun.")

        async def report(value: Any) -> None:
            await self._report(message.queue, message.id, value)

        wire = JobWire(worked.wiring.id, worked.function, delivery, report)
        before = trace_id.set(wire.trace_id)
        try:
            if message.claim:
                wire.session = self._session(message)
            return await worked.attempts.run(wire)
        except Exception as error:  # noqa: BLE001 - a forged claim is an outcome, not a fault of the worker
            return worked.attempts.failed(wire, error)
        finally:
            trace_id.reset(before)

    def _session(self, message: Message) -> Any:
        """Who a job runs as; one that says it is believed or refused, whatever its function asks for."""
        if self._claims is None:
            raise UnauthorizedError(
                'The job carries a session, and the project has no service "queue_claims" to read it with.'
            )
        return self._claims.session(message)

    def _known(self) -> str:
        known = sorted(row.load().name for row in self._app.wirings("queue", QueueWiring))
        return "there is " + ", ".join(f'"{name}"' for name in known) if known else "there is none"


def _read(data: bytes, read_json: Callable[[bytes], Any], default: Any) -> Any:
    from pikku_core.runtime.records import NO_DATA

    return default if data == b"null" and default is not NO_DATA else read_json(data)
