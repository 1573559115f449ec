"""Middleware, folded into one chain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pikku_core.declaration import config_of
from pikku_core.errors import InternalError
from pikku_core.middleware import Middleware, MiddlewareConfig, Priority
from pikku_core.runtime.calling import written_out
from pikku_core.wire import Wire

if TYPE_CHECKING:
    from pikku_core.runtime.arguments import Arguments

Invoke: TypeAlias = Callable[[Wire], Awaitable[Any]]

LAYER: Final = """
def enter(wire):
    state = wire.state
    if state.depth != {}:
        raise called_twice(wire)
    state.depth = {}
    return func(partial(inner, wire), {})
"""
"""Written out, as `compile_call` does: each call less is felt, and there is one of these for each middleware."""


def fold(layers: Iterable[tuple[Callable[..., Any], Arguments]], core: Invoke) -> Invoke:
    """One function of the wire out of middleware, outermost first, round `core`.

    The state of the invocation counts how deep it has come: that shows a `next` which is called twice, and costs less
    than an object for each `next`.
    """
    listed = list(layers)
    chain = entering(core, len(listed))
    for depth in range(len(listed) - 1, -1, -1):
        middleware, arguments = listed[depth]
        chain = layer(middleware, arguments, chain, depth)
    return chain


def layer(
    middleware: Callable[..., Any], arguments: Arguments, inner: Invoke, depth: int
) -> Invoke:
    """One middleware round what is inside it: what `entering` does and the call, in one function."""
    names, keywords = written_out(arguments.bind(middleware), arguments.changing)
    names |= {"inner": inner, "partial": partial, "called_twice": called_twice}
    exec(LAYER.format(depth, depth + 1, ", ".join(keywords)), names)  # noqa: S102 - made of nothing but identifiers
    enter: Invoke = names["enter"]
    return enter


def entering(core: Invoke, depth: int) -> Invoke:
    """What is inside all middleware."""

    def enter(wire: Wire) -> Awaitable[Any]:
        state = wire.state
        if state.depth != depth:
            raise called_twice(wire)
        state.depth = depth + 1
        return core(wire)

    return enter


def called_twice(wire: Wire) -> InternalError:
    """The error of a second call of `next`."""
    return InternalError(
        f'A middleware of "{wire.function}" called "next" twice: keep the result of the first call.'
    )


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
