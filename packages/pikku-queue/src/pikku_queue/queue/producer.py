"""The wire thing `queue`: adds jobs, from a function of any transport."""

from __future__ import annotations

import asyncio
import re
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Unpack

from pikku_core import DeclarationError, HasBlockingTwin
from pikku_core.duration import seconds_of
from pikku_core.nearest import nearest_name
from pikku_core.tracing import trace_id
from pikku_queue.queue.backoff import Backoff
from pikku_queue.queue.errors import QueueNotFoundError
from pikku_queue.queue.handle import JobHandle
from pikku_queue.queue.job_options import JobOptions, OptionsOfMany
from pikku_queue.queue.message import PRIORITIES, Message
from pikku_queue.queue.wiring import attribute_name
from pikku_queue.queue.worker_config import is_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pikku_queue.queue.backend import Backend
    from pikku_queue.queue.capability import Demands
    from pikku_queue.queue.claim import Claims
    from pikku_queue.queue.job_log import JobLog
    from pikku_queue.queue.worker_config import WorkerConfig

NOT_OPEN: Final = "The queues are not open before the App has started."
JOB_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDefinition:
    """A queue as its producers know it.

    Attributes:
        name: The queue.
        config: What jobs are that say nothing else.
        write: Validates the data of a job, and makes JSON of it.
        read: Reads a result.
    """

    name: str
    config: WorkerConfig
    write: Callable[[Any], bytes]
    read: Callable[[bytes], Any]


class Queue(HasBlockingTwin):
    """Adds jobs; `from pikku_app import Queue` is the project's typed one.

    ```python
    @pikku_func
    async def sign_up(data: SignUp, *, queue: Queue) -> None:
        await queue.emails.add(Welcome(name=data.name), delay="30s")
    ```

    `queue.emails` and `queue["emails"]` are the same queue. Data is validated when a job is added, by the type of the function that
    will work it off: what does not fit is refused where the mistake is, not hours later in a worker.
    """

    __slots__ = ("_loop", "_make", "_queues")

    def __init__(self) -> None:
        self._queues: Mapping[str, QueueDefinition] = {}
        self._make: Callable[[QueueDefinition], QueueProducer] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(
        self,
        queues: Mapping[str, QueueDefinition],
        make: Callable[[QueueDefinition], QueueProducer],
    ) -> None:
        """Says which queues there are, and what adds jobs to one, in the event loop that runs now."""
        self._queues = queues
        self._make = make
        self._loop = asyncio.get_running_loop()

    def blocks_in(self) -> asyncio.AbstractEventLoop:
        """The event loop that adds jobs for threads.

        Raises:
            RuntimeError: The App has not started yet.
        """
        if self._loop is None:
            raise RuntimeError(NOT_OPEN)
        return self._loop

    def __getitem__(self, name: str) -> QueueProducer:
        if self._make is None:
            raise RuntimeError(NOT_OPEN)
        definition = self._queues.get(name)
        if definition is not None:
            return self._make(definition)
        near = nearest_name(name, sorted(self._queues))
        hint = f' Did you mean "{near}"?' if near else ""
        raise QueueNotFoundError(f'There is no queue "{name}" in this project.{hint}')

    def __getattr__(self, name: str) -> QueueProducer:
        if name.startswith("_"):  # a copy that is being made has no attributes yet
            raise AttributeError(name)
        for queue in self._queues:
            if attribute_name(queue) == name:
                return self[queue]
        raise AttributeError(f'There is no queue "{name}" in this project.', name=name, obj=self)

    def __dir__(self) -> list[str]:
        return sorted(attribute_name(name) for name in self._queues)

    def blocking_twin(self) -> Any:
        """What sync functions are given."""
        from pikku_queue.queue.blocking import SyncQueue

        return SyncQueue(self)


class QueueProducer:
    """Adds jobs to one queue."""

    __slots__ = ("_backend", "_claims", "_definition", "_demands", "_job_log", "_now")

    def __init__(
        self,
        definition: QueueDefinition,
        backend: Backend,
        *,
        now: Callable[[], float],
        claims: Claims | None,
        job_log: JobLog,
        demands: Demands | None = None,
    ) -> None:
        self._definition = definition
        self._demands = demands
        self._backend = backend
        self._now = now
        self._claims = claims
        self._job_log = job_log

    async def add(self, data: Any = None, /, **options: Unpack[JobOptions]) -> JobHandle[Any]:
        """Adds a job, and returns when the backend has it.

        Args:
            data: What the function takes.
            options: See `JobOptions`.

        Raises:
            InvalidDataError: The data does not fit the function.
            DeclarationError: An option is not well-formed, or there is no such.
            ServiceUnavailableError: The backend cannot be reached.
        """
        message = self._message(data, options)
        (added,) = await self._backend.enqueue([message])
        self._job_log.added([message])
        return self.get(added)

    async def add_many(
        self, items: Iterable[Any], /, **options: Unpack[OptionsOfMany]
    ) -> list[JobHandle[Any]]:
        """Adds a job for each item, all or none, in one exchange with the backend.

        Args:
            items: The data of each.
            options: See `OptionsOfMany`; the same for all.

        Raises:
            InvalidDataError: An item does not fit; none is added.
            DeclarationError: An option is not well-formed, or is for one job: `job_id`.
            ServiceUnavailableError: The backend cannot be reached.
        """
        if "job_id" in options:
            raise DeclarationError(
                'The option "job_id" is for one job: leave it out of "add_many".'
            )
        messages = [self._message(item, options) for item in items]
        ids = await self._backend.enqueue(messages)
        self._job_log.added(messages)
        return [self.get(added) for added in ids]

    def get(self, id: str) -> JobHandle[Any]:
        """The handle of a job that was added, whether or not it is kept still."""
        return JobHandle(self._backend, self._definition.name, id, self._definition.read)

    def _message(self, data: Any, options: JobOptions | OptionsOfMany) -> Message:
        config, now = self._definition.config, self._now()
        given: Mapping[str, Any] = options
        problem = options_problem(given)
        if problem:
            raise DeclarationError(problem)
        if self._demands is not None:
            self._demands.check_job(self._definition.name, given)
        attempts, priority = given.get("attempts"), given.get("priority")
        expires, session = given.get("expires"), given.get("session")
        try:
            wait = seconds_of(given.get("delay", 0))
            last = None if expires is None else now + seconds_of(expires)
        except ValueError as error:
            raise DeclarationError(str(error)) from None
        if last is not None and last <= now + wait:
            raise DeclarationError(
                'The option "expires" of a job must be longer than its "delay": it would expire before it is due.'
            )
        message = Message(
            id=given.get("job_id") or uuid.uuid4().hex,
            queue=self._definition.name,
            data=self._definition.write(data),
            attempts=config.attempts if attempts is None else attempts,
            backoff=given.get("backoff") or config.backoff,
            priority=config.priority if priority is None else priority,
            due=now + wait if wait else None,
            expires=last,
            group=given.get("group", ""),
            trace_id=trace_id.get(),
            enqueued=now,
        )
        if session is None:
            return message
        if self._claims is None:
            raise DeclarationError(
                'A job cannot carry a session: the project has no service "queue_claims", which signs it.'
            )
        claim = self._claims.of(
            session, queue=message.queue, id=message.id, data=message.data, wait=wait
        )
        return replace(message, claim=claim)


def options_problem(options: Mapping[str, Any]) -> str:
    """What is wrong with the options of a job, or nothing."""
    unknown = sorted(options.keys() - JobOptions.__annotations__.keys())
    if unknown:
        return f'A job has no option "{unknown[0]}".'
    attempts, priority = options.get("attempts"), options.get("priority")
    if attempts is not None and not (is_whole(attempts) and attempts >= 1):
        return f'The option "attempts" of a job must be 1 or more, and is {attempts!r}.'
    if priority is not None and not (is_whole(priority) and priority in PRIORITIES):
        return f'The option "priority" of a job must be 0 to 9, and is {priority!r}.'
    return _kind_problem(options)


def _kind_problem(options: Mapping[str, Any]) -> str:
    backoff, group, job_id = options.get("backoff"), options.get("group", ""), options.get("job_id")
    if backoff is not None and not isinstance(backoff, Backoff):
        return f'The option "backoff" of a job must be a call of "fixed", "linear" or "exponential", and is {backoff!r}.'
    if not isinstance(group, str):
        return f'The option "group" of a job must be text, and is {group!r}.'
    if job_id and not (isinstance(job_id, str) and JOB_ID.fullmatch(job_id)):
        return (
            f'The option "job_id" of a job is "{job_id}": letters, digits, "_", "-", "." and ":" '
            "(200 at most)."
        )
    return ""
