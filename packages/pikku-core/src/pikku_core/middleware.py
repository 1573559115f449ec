"""Middleware: functions round an invocation, on every transport alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, TypeAlias, TypeVar, overload

from pikku_core.declaration import Declaration, attach, listed

Next: TypeAlias = Callable[[], Awaitable[Any]]
"""Runs what is inside and returns the result of the function. Calling it twice is an error."""

Middleware: TypeAlias = Callable[..., Awaitable[Any]]
"""A function of `next` and keyword-only services and wire things that returns the result, its own or that of `next`."""

M = TypeVar("M", bound=Callable[..., Any])


class Priority(IntEnum):
    """Where a middleware stands in the chain; within one priority the order of declaration decides."""

    HIGHEST = 0
    HIGH = 1
    MEDIUM = 2
    LOW = 3
    LOWEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MiddlewareConfig:
    """What `pikku_middleware` attaches to a function."""

    name: str | None = None
    description: str | None = None
    priority: Priority = Priority.MEDIUM


@overload
def pikku_middleware(func: M, /) -> M: ...
@overload
def pikku_middleware(
    *, name: str | None = None, description: str | None = None, priority: Priority = Priority.MEDIUM
) -> Callable[[M], M]: ...
def pikku_middleware(
    func: M | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    priority: Priority = Priority.MEDIUM,
) -> M | Callable[[M], M]:
    """Marks an async function as middleware.

    The first parameter is `next`; keyword-only parameters are singleton services and wire things. Not calling `next`
    ends the call with what the middleware returns. A factory is a plain function that returns a decorated one.

    ```python
    @pikku_middleware
    async def timing(next: Next, *, logger: Logger) -> Any:
        start = perf_counter()
        result = await next()
        logger.info("took %.1f ms", (perf_counter() - start) * 1000)
        return result
    ```

    The result is serialised inside the chain: to change it, return a new value; changing it in place has no effect.
    """
    return attach(MiddlewareConfig(name=name, description=description, priority=priority), func)


@dataclass(frozen=True, slots=True, kw_only=True)
class MiddlewareDeclaration(Declaration):
    """Middleware for every invocation, or for every function and wiring that carries a tag."""

    kind: ClassVar[str] = "middleware"
    middleware: tuple[Middleware, ...]
    tag: str | None = None


def global_middleware(middleware: Sequence[Middleware]) -> MiddlewareDeclaration:
    """Declares middleware for every invocation on every transport."""
    return MiddlewareDeclaration(middleware=listed("middleware", middleware))


def tag_middleware(tag: str, middleware: Sequence[Middleware]) -> MiddlewareDeclaration:
    """Declares middleware for functions and wirings tagged `tag` or below it (`admin` covers `admin:users`)."""
    return MiddlewareDeclaration(middleware=listed("middleware", middleware), tag=tag)
