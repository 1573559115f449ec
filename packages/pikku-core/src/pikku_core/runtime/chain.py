"""Middleware, folded into one chain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from pikku_core.declaration import config_of
from pikku_core.errors import InternalError
from pikku_core.middleware import Middleware, MiddlewareConfig, Priority
from pikku_core.wire import Wire

if TYPE_CHECKING:
    from pikku_core.runtime.arguments import Arguments

Invoke: TypeAlias = Callable[[Wire], Awaitable[Any]]


class NextCall:
    """The `next` of one middleware in one invocation."""

    __slots__ = ("_inner", "_wire")

    def __init__(self, inner: Invoke, wire: Wire) -> None:
        self._inner: Invoke | None = inner
        self._wire = wire

    def __call__(self) -> Awaitable[Any]:
        """Goes on with the invocation; the result of the function, when awaited."""
        inner = self._inner
        if inner is None:
            raise InternalError(
                f'A middleware of "{self._wire.function}" called "next" twice: keep the result of the first call.'
            )
        self._inner = None
        return inner(self._wire)


def fold(layers: Iterable[tuple[Callable[..., Any], Arguments]], core: Invoke) -> Invoke:
    """One function of the wire out of middleware, outermost first, round `core`."""
    chain = core
    for middleware, arguments in reversed(list(layers)):
        chain = layer(arguments.bind(middleware), arguments, chain)
    return chain


def layer(middleware: Callable[..., Any], arguments: Arguments, inner: Invoke) -> Invoke:
    """One middleware round what is inside it."""
    if not arguments.changing:
        return lambda wire: middleware(NextCall(inner, wire))
    of = arguments.of
    return lambda wire: middleware(NextCall(inner, wire), **of(wire))


def ordered(collected: Iterable[Middleware]) -> list[Middleware]:
    """Middleware sorted by priority, in order of collection within one, each once (the first counts)."""
    once: list[Middleware] = []
    for each in collected:
        if not any(each is other for other in once):
            once.append(each)
    return sorted(once, key=priority)


def priority(middleware: Middleware) -> Priority:
    """Where a middleware stands; medium for one without a decorator."""
    config = config_of(middleware)
    return config.priority if isinstance(config, MiddlewareConfig) else Priority.MEDIUM


def ancestry(tags: Sequence[str]) -> list[str]:
    """Tags with those that they belong to, nearest first: `a:b:c` is followed by `a:b` and `a`."""
    found: list[str] = []
    for tag in tags:
        words = tag.split(":")
        found += [":".join(words[:count]) for count in range(len(words), 0, -1)]
    return list(dict.fromkeys(found))
