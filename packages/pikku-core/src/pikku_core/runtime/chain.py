"""Middleware, folded into one chain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from pikku_core.declaration import config_of
from pikku_core.errors import InternalError
from pikku_core.middleware import Middleware, MiddlewareConfig, Priority
from pikku_core.wire import Wire

if TYPE_CHECKING:
    from pikku_core.runtime.arguments import Arguments

Invoke: TypeAlias = Callable[[Wire], Awaitable[Any]]


def fold(layers: Iterable[tuple[Callable[..., Any], Arguments]], core: Invoke) -> Invoke:
    """One function of the wire out of middleware, outermost first, round `core`.

    The state of the invocation counts how deep it has come: that shows a `next` which is called twice, and costs less
    than an object for each `next`.
    """
    listed = list(layers)
    chain = entering(core, len(listed))
    for depth in range(len(listed) - 1, -1, -1):
        middleware, arguments = listed[depth]
        chain = entering(layer(arguments.bind(middleware), arguments, chain), depth)
    return chain


def layer(middleware: Callable[..., Any], arguments: Arguments, inner: Invoke) -> Invoke:
    """One middleware round what is inside it."""
    if not arguments.changing:
        return lambda wire: middleware(partial(inner, wire))
    give = arguments.giver()
    return lambda wire: middleware(partial(inner, wire), **give(wire))


def entering(inside: Invoke, depth: int) -> Invoke:
    """What may be entered once, after what is round it."""

    def enter(wire: Wire) -> Awaitable[Any]:
        state = wire.state
        if state.depth != depth:
            raise InternalError(
                f'A middleware of "{wire.function}" called "next" twice: keep the result of the first call.'
            )
        state.depth = depth + 1
        return inside(wire)

    return enter


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
