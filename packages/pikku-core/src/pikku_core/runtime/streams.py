"""Streams: generator functions, whose items are sent one by one while the invocation lasts.

All that surrounds a function surrounds its stream: middleware gets back from `next` after the last item, call services
are closed then, and who leaves early ends the generator where it waits.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from pikku_core.errors import InternalError
from pikku_core.runtime.lane import LaneRunner
from pikku_core.runtime.steps import Execute, holding_lane

if TYPE_CHECKING:
    from collections.abc import Generator

    from pikku_core.runtime.call_services import CallServices
    from pikku_core.runtime.calling import Call
    from pikku_core.runtime.checks import RequirePermission
    from pikku_core.runtime.lane import Lane, Lanes
    from pikku_core.runtime.steps import Write
    from pikku_core.wire import Wire

Emit: TypeAlias = Callable[[Any, Any], Awaitable[None]]
"""Takes the wire, in the transport's own class, and sends what `write` made of an item. The generator goes on once it returns: a slow reader holds it back."""


@dataclass(frozen=True, slots=True)
class Sink:
    """Where items go: `write` makes the content of one, and `emit` sends it."""

    write: Write
    emit: Emit


SENT = (None, None)
"""Result and answer of a stream: there is nothing left to answer."""


def stream_on_loop(
    call: Call,
    sink: Sink,
    require: RequirePermission | None,
    services: CallServices | None,
) -> Execute:
    """An async generator function."""
    write, emit = sink.write, sink.emit

    async def consume(wire: Wire, data: Any) -> tuple[Any, Any]:
        async with aclosing(call(wire, data)) as items:
            async for item in items:
                await emit(wire, write(item))
        return SENT

    async def execute(wire: Wire, data: Any) -> tuple[Any, Any]:
        if require is not None:
            await require(wire, data, None)
        if services is None:
            return await consume(wire, data)
        outcome: tuple[Any, Any] = await services.around(wire, None, lambda: consume(wire, data))
        return outcome

    return execute


def stream_in_lane(
    lanes: Lanes,
    call: Call,
    sink: Sink,
    require: RequirePermission | None,
    services: CallServices | None,
) -> Execute:
    """A generator function: it runs in one lane from item to item, and holds it between them."""
    write, emit = sink.write, sink.emit

    async def consume(wire: Wire, data: Any, runner: LaneRunner) -> tuple[Any, Any]:
        items: Generator[Any] = call(wire, data)

        def step() -> tuple[Any, ...]:
            for item in items:
                return (write(item),)
            return ()

        try:
            while content := await runner.run(step):
                await emit(wire, content[0])
        finally:
            await runner.run(items.close)
        return SENT

    async def execute_in(lane: Lane, wire: Wire, data: Any) -> tuple[Any, Any]:
        runner = LaneRunner(lane)
        if require is not None:
            await require(wire, data, runner)
        if services is None:
            return await consume(wire, data, runner)
        outcome: tuple[Any, Any] = await services.around(
            wire, runner, lambda: consume(wire, data, runner)
        )
        return outcome

    return holding_lane(lanes, execute_in)


def no_other_result(function: str) -> Write:
    """What stands for `write` behind middleware: a stream has been sent, and nothing can take its place."""

    def write(_: Any) -> Any:
        raise InternalError(
            f'A middleware of "{function}" answers with a result of its own, and the function is a stream: return what '
            '"next" returned.'
        )

    return write
