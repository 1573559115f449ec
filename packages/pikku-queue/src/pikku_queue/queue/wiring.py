"""What users call to declare queues and workers: pure functions that return frozen declarations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pikku_core import DeclarationError, Middleware, PermissionGroup, Wiring
from pikku_core.declaration import Declaration, listed, names, refuse_function
from pikku_queue.queue.worker_config import WorkerConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")
INTERNAL: Final = "pikku-"
"""How the names of queues begin that Pikku has for itself."""
MEMBERS: Final = frozenset({"blocking_twin", "blocks_in", "open"})
"""What `queue` has that is no queue."""
SYNC_TIMEOUT: Final = (
    'The queue "{}" has a "timeout", and its function is sync: nothing can end it while it runs. Make it async, or '
    "leave the option out."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueWiring(Wiring):
    """A function that works off a queue; what `wire_queue_worker` returns."""

    kind: ClassVar[str] = "queue"
    needs: ClassVar[tuple[str, ...]] = ("queue_connection",)
    name: str
    config: WorkerConfig = field(default_factory=WorkerConfig)
    final: tuple[type[BaseException], ...] = ()

    @property
    def id(self) -> str:
        """`queue:<name>`."""
        return wiring_id(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDeclaration(Declaration):
    """A queue that is worked off elsewhere; what `wire_queue` returns."""

    kind: ClassVar[str] = "queue"
    name: str
    data: Any = None
    result: Any = Any
    config: WorkerConfig = field(default_factory=WorkerConfig)


def wire_queue(
    *, name: str, data: Any = None, result: Any = Any, config: WorkerConfig | None = None
) -> QueueDeclaration:
    """Declares a queue that this project, or a part of it, adds jobs to without working them off.

    ```python
    wire_queue(name="thumbnails", data=Picture, result=str)
    ```

    Filters leave it alone: whatever part of a project is generated can add jobs. Where the worker is there too, that says what the
    jobs take and give.

    Args:
        name: The queue: letters, digits, `_`, `-` and `.`.
        data: The type of the data of a job. Default: jobs take no data.
        result: The type of what a job gives. Default: any.
        config: What jobs are that say nothing else: `attempts`, `backoff` and `priority`. Default: `WorkerConfig()`.

    Raises:
        DeclarationError: The name is not well-formed.
    """
    problem = name_problem(name)
    if problem:
        raise DeclarationError(problem)
    return QueueDeclaration(name=name, data=data, result=result, config=config or WorkerConfig())


def wire_queue_worker(
    *,
    name: str,
    func: Callable[..., Any],
    config: WorkerConfig | None = None,
    auth: bool | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
    final: Sequence[type[BaseException]] = (),
) -> QueueWiring:
    """Declares that a function works off the jobs of a queue.

    ```python
    wire_queue_worker(
        name="emails", func=send_welcome, config=WorkerConfig(attempts=5, timeout="30s")
    )
    ```

    A queue has one worker function, which any number of processes run. A job that fails is tried again after its backoff, and
    is a dead letter after its last attempt. An error that says that the job itself is wrong (a `PikkuError` of a status below
    500 other than 408, 409, 423, 425 and 429: data that is not valid, a permission that is missing) is not tried again.

    Args:
        name: The queue: letters, digits, `_`, `-` and `.`; jobs are added by it, `queue.emails.add(...)`.
        func: A function decorated with `pikku_func` (a job then carries who it runs as) or `pikku_sessionless_func`.
        config: Default: `WorkerConfig()`.
        auth: True asks for a session although the function does not.
        scopes: Scopes that the session must hold, beside the function's own.
        permissions: Checks beside the function's own.
        middleware: Runs inside global and tag middleware, outside the function's own.
        tags: Labels for filters and tag middleware.
        final: Classes of errors after which a job is not tried again.

    Raises:
        DeclarationError: The name or an option is not well-formed.
    """
    problem = name_problem(name)
    if problem:
        raise DeclarationError(problem)
    if permissions is not None:
        refuse_function("permissions", permissions)
    config = config or WorkerConfig()
    if config.timeout is not None and not is_async(func):
        raise DeclarationError(SYNC_TIMEOUT.format(name))
    return QueueWiring(
        name=name,
        func=func,
        config=config,
        auth=auth,
        scopes=names("scopes", scopes),
        permissions=permissions,
        middleware=listed("middleware", middleware),
        tags=names("tags", tags),
        final=tuple(final),
    )


def is_async(func: Callable[..., Any]) -> bool:
    """Whether a function can be ended while it runs."""
    from pikku_core.runtime.inspection import kind_of

    return kind_of(func) not in {"sync", "sync_generator"}


def wiring_id(name: str) -> str:
    """The identity of a wiring."""
    return f"queue:{name}"


def name_problem(name: str) -> str:
    """What is wrong with the name of a queue, or nothing."""
    if not NAME.fullmatch(name):
        return (
            f'The queue "{name}" must begin with a letter and hold nothing but letters, digits, "_", "-" and "." '
            "(100 at most)."
        )
    if name.startswith(INTERNAL):
        return f'The queue "{name}" must have another name: "{INTERNAL}" begins those that Pikku has for itself.'
    attribute = attribute_name(name)
    if iskeyword(attribute) or attribute in MEMBERS:
        return f'The queue "{name}" must have another name: "queue.{attribute}" is no attribute that a queue can be.'
    return ""


def attribute_name(queue: str) -> str:
    """The attribute of `queue` that a queue is: `new-users` is `queue.new_users`."""
    return re.sub(r"\W", "_", queue)


def clash(first: str, second: str) -> str:
    """What is wrong with the names of two queues that are one attribute of `queue`."""
    return f'The queues "{first}" and "{second}" would both be "queue.{attribute_name(second)}": rename one of them.'
