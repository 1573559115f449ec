"""Fakes of the wire thing `queue`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pikku_core import DeclarationError
from pikku_core.testing import UnexpectedUseError
from pikku_queue.queue.producer import options_problem
from pikku_queue.queue.wiring import attribute_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RECORD: Final = "_pikku_added"
"""The attribute in which a fake keeps what was added."""


@dataclass(frozen=True, slots=True)
class Added:
    """A job that a function has added to a fake.

    Attributes:
        queue: The queue, as the attribute of `queue` that it is.
        data: What the function gave.
        options: As the function gave them; see `pikku_queue.JobOptions`.
    """

    queue: str
    data: Any = None
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])


def fake_queue(**results: Any) -> Any:
    """A `queue` that keeps what is added to it, and does nothing.

    ```python
    queue = fake_queue()
    await sign_up(SignUp(name="Ada"), queue=queue)
    assert added(queue) == [Added("emails", Welcome(name="Ada"), {"delay": "30s"})]
    ```

    Its type is the project's own `Queue`, which only its type checker knows: hence `Any`.

    Args:
        results: What the jobs of a queue come to, for functions that wait for that: a result, or an exception to raise.

    Raises:
        DeclarationError: From `add`, where an option is not well-formed.
        UnexpectedUseError: From `handle.result()`, where none is given.
    """
    return _Queue(results)


def fake_sync_queue(**results: Any) -> Any:
    """The same for sync functions: nothing is awaited."""
    return _SyncQueue(results)


def added(fake: object, queue: str | None = None) -> list[Added]:
    """The jobs that were added to a fake so far, in order.

    Args:
        fake: What `fake_queue` or `fake_sync_queue` made.
        queue: Of one queue only.

    Raises:
        TypeError: It is no such fake.
    """
    kept: list[Added] | None = getattr(fake, "__dict__", {}).get(RECORD)
    if kept is None:
        raise TypeError(
            f'"{type(fake).__name__}" keeps no jobs: give one made by "fake_queue" or "fake_sync_queue".'
        )
    wanted = None if queue is None else attribute_name(queue)
    return [job for job in kept if wanted is None or job.queue == wanted]


class _Handle:
    """A job in a fake."""

    def __init__(self, queue: str, id: str, results: Mapping[str, Any]) -> None:
        self.queue = queue
        self.id = id
        self._results = results

    def _result(self) -> Any:
        if self.queue not in self._results:
            raise UnexpectedUseError(
                f'The test waits for a job of "{self.queue}" and has not given its result: fake_queue({self.queue}=...).'
            )
        given = self._results[self.queue]
        if isinstance(given, BaseException):
            raise given
        return given


class _AsyncHandle(_Handle):
    async def status(self) -> str:
        return "waiting"

    async def progress(self) -> None:
        return None

    async def result(self, *, within: Any = None) -> Any:  # noqa: ARG002 - as a handle takes it
        return self._result()

    async def cancel(self) -> bool:
        return True

    async def retry(self) -> bool:
        return False

    async def drop(self) -> bool:
        return False


class _SyncHandle(_Handle):
    def status(self) -> str:
        return "waiting"

    def progress(self) -> None:
        return None

    def result(self, *, within: Any = None) -> Any:  # noqa: ARG002 - as a handle takes it
        return self._result()

    def cancel(self) -> bool:
        return True

    def retry(self) -> bool:
        return False

    def drop(self) -> bool:
        return False


class _Producer:
    """A queue of a fake."""

    handle: ClassVar[type[_Handle]] = _AsyncHandle

    def __init__(self, name: str, record: list[Added], results: Mapping[str, Any]) -> None:
        self._name = name
        self._record = record
        self._results = results

    def get(self, id: str) -> _Handle:
        return self.handle(self._name, id, self._results)

    def _added(self, data: Any, options: Mapping[str, Any]) -> _Handle:
        problem = options_problem(options)
        if problem:
            raise DeclarationError(problem)
        self._record.append(Added(self._name, data, options))
        return self.get(options.get("job_id") or f"{self._name}-{len(self._record)}")

    def _added_many(self, items: Iterable[Any], options: Mapping[str, Any]) -> list[_Handle]:
        if "job_id" in options:
            raise DeclarationError(
                'The option "job_id" is for one job: leave it out of "add_many".'
            )
        return [self._added(item, options) for item in items]


class _AsyncProducer(_Producer):
    async def add(self, data: Any = None, /, **options: Any) -> _Handle:
        return self._added(data, options)

    async def add_many(self, items: Iterable[Any], /, **options: Any) -> list[_Handle]:
        return self._added_many(items, options)


class _SyncProducer(_Producer):
    handle: ClassVar[type[_Handle]] = _SyncHandle

    def add(self, data: Any = None, /, **options: Any) -> _Handle:
        return self._added(data, options)

    def add_many(self, items: Iterable[Any], /, **options: Any) -> list[_Handle]:
        return self._added_many(items, options)


class _Queue:
    producer: ClassVar[type[_Producer]] = _AsyncProducer

    def __init__(self, results: Mapping[str, Any]) -> None:
        self.__dict__[RECORD] = []
        self._results = results

    def __getitem__(self, name: str) -> _Producer:
        return self.producer(attribute_name(name), self.__dict__[RECORD], self._results)

    def __getattr__(self, name: str) -> _Producer:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]


class _SyncQueue(_Queue):
    producer: ClassVar[type[_Producer]] = _SyncProducer
