"""The wire thing `queue`: adds jobs, from a function of any transport."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pikku_core import DeclarationError, HasBlockingTwin
from pikku_core.duration import seconds_of
from pikku_core.nearest import nearest_name
from pikku_queue.queue.errors import QueueNotFoundError
from pikku_queue.queue.handle import JobHandle
from pikku_queue.queue.message import PRIORITIES, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pikku_core.duration import Duration
    from pikku_queue.queue.backend import Backend
    from pikku_queue.queue.backoff import Backoff
    from pikku_queue.queue.claim import Claims
    from pikku_queue.queue.worker_config import WorkerConfig

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

    __slots__ = ("_make", "_queues")

    def __init__(self) -> None:
        self._queues: Mapping[str, QueueDefinition] = {}
        self._make: Callable[[QueueDefinition], QueueProducer] | None = None

    def open(
        self,
        queues: Mapping[str, QueueDefinition],
        make: Callable[[QueueDefinition], QueueProducer],
    ) -> None:
        """Says which queues there are, and what adds jobs to one."""
        self._queues = queues
        self._make = make

    def __getitem__(self, name: str) -> QueueProducer:
        if self._make is None:
            raise RuntimeError("The queues are not open before the App has started.")
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

    __slots__ = ("_backend", "_claims", "_definition", "_now")

    def __init__(
        self,
        definition: QueueDefinition,
        backend: Backend,
        *,
        now: Callable[[], float],
        claims: Claims | None,
    ) -> None:
        self._definition = definition
        self._backend = backend
        self._now = now
        self._claims = claims

    async def add(
        self,
        data: Any = None,
        /,
        *,
        delay: Duration = 0,
        attempts: int | None = None,
        backoff: Backoff | None = None,
        priority: int | None = None,
        expires: Duration | None = None,
        job_id: str = "",
        group: str = "",
        session: Any = None,
    ) -> JobHandle[Any]:
        """Adds a job, and returns when the backend has it.

        Args:
            data: What the function takes.
            delay: It is not begun earlier than that from now.
            attempts: How often it is tried at most. Default: what the worker's configuration says, as for the next two.
            backoff: The waits between attempts.
            priority: 0 to 9; higher goes first.
            expires: It is discarded if it was not begun that long from now.
            job_id: Its id: while a job of that id is not settled, another is not added, and the handle is the first one's. Default:
                a new one.
            group: Jobs of one group share the worker's `group_concurrency`.
            session: Who it runs as. Default: nobody.

        Raises:
            InvalidDataError: The data does not fit the function.
            DeclarationError: An option is not well-formed.
            ServiceUnavailableError: The backend cannot be reached.
        """
        message = self.message(
            data,
            delay=delay,
            attempts=attempts,
            backoff=backoff,
            priority=priority,
            expires=expires,
            job_id=job_id,
            group=group,
            session=session,
        )
        (added,) = await self._backend.enqueue([message])
        return self.handle(added)

    async def add_many(self, items: Iterable[Any], /, **options: Any) -> list[JobHandle[Any]]:
        """Adds a job for each item, all or none, in one exchange with the backend.

        Args:
            items: The data of each.
            options: Those of `add`, the same for all; `job_id` is refused.

        Raises:
            InvalidDataError: An item does not fit; none is added.
        """
        if options.get("job_id"):
            raise DeclarationError(
                'The option "job_id" is for one job: leave it out of "add_many".'
            )
        messages = [self.message(item, **options) for item in items]
        return [self.handle(added) for added in await self._backend.enqueue(messages)]

    def get(self, id: str) -> JobHandle[Any]:
        """The handle of a job that was added earlier, whether or not it is kept still."""
        return self.handle(id)

    def handle(self, id: str) -> JobHandle[Any]:
        """The handle of a job."""
        return JobHandle(self._backend, self._definition.name, id, self._definition.read)

    def message(
        self,
        data: Any = None,
        *,
        delay: Duration = 0,
        attempts: int | None = None,
        backoff: Backoff | None = None,
        priority: int | None = None,
        expires: Duration | None = None,
        job_id: str = "",
        group: str = "",
        session: Any = None,
    ) -> Message:
        """The message of a job; see `add`."""
        config, now = self._definition.config, self._now()
        problem = options_problem(attempts, priority, job_id)
        if problem:
            raise DeclarationError(problem)
        try:
            wait = seconds_of(delay)
            last = None if expires is None else now + seconds_of(expires)
        except ValueError as error:
            raise DeclarationError(str(error)) from None
        message = Message(
            id=job_id or uuid.uuid4().hex,
            queue=self._definition.name,
            data=self._definition.write(data),
            attempts=config.attempts if attempts is None else attempts,
            backoff=backoff or config.backoff,
            priority=config.priority if priority is None else priority,
            due=now + wait if wait else None,
            expires=last,
            group=group,
            enqueued=now,
        )
        if session is None:
            return message
        if self._claims is None:
            raise DeclarationError(
                'A job cannot carry a session: the project has no service "queue_claims", which signs it.'
            )
        claim = self._claims.of(session, queue=message.queue, id=message.id, data=message.data)
        return replace(message, claim=claim)


def attribute_name(queue: str) -> str:
    """The attribute of `queue` that a queue is: `new-users` is `queue.new_users`."""
    return re.sub(r"\W", "_", queue)


def options_problem(attempts: int | None, priority: int | None, job_id: str) -> str:
    """What is wrong with the options of a job, or nothing."""
    if attempts is not None and attempts < 1:
        return f'The option "attempts" of a job must be 1 or more, and is {attempts}.'
    if priority is not None and priority not in PRIORITIES:
        return f'The option "priority" of a job must be 0 to 9, and is {priority}.'
    if job_id and not JOB_ID.fullmatch(job_id):
        return (
            f'The option "job_id" of a job is "{job_id}": letters, digits, "_", "-", "." and ":" '
            "(200 at most)."
        )
    return ""
