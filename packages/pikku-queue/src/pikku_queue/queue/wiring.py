"""What users call to declare workers: a pure function that returns a frozen declaration."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pikku_core import DeclarationError, Middleware, PermissionGroup, Wiring
from pikku_core.declaration import listed, names, refuse_function
from pikku_queue.queue.worker_config import WorkerConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueWiring(Wiring):
    """A function that works off a queue; what `wire_queue_worker` returns."""

    kind: ClassVar[str] = "queue"
    name: str
    config: WorkerConfig = field(default_factory=WorkerConfig)
    final: tuple[type[BaseException], ...] = ()

    @property
    def id(self) -> str:
        """`queue:<name>`."""
        return wiring_id(self.name)


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
    return QueueWiring(
        name=name,
        func=func,
        config=config or WorkerConfig(),
        auth=auth,
        scopes=names("scopes", scopes),
        permissions=permissions,
        middleware=listed("middleware", middleware),
        tags=names("tags", tags),
        final=tuple(final),
    )


def wiring_id(name: str) -> str:
    """The identity of a wiring."""
    return f"queue:{name}"


def name_problem(name: str) -> str:
    """What is wrong with the name of a queue, or nothing."""
    if NAME.fullmatch(name):
        return ""
    return (
        f'The queue "{name}" must begin with a letter and hold nothing but letters, digits, "_", "-" and "." '
        "(100 at most)."
    )
