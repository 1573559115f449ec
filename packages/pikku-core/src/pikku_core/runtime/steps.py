"""The steps of an invocation inside its middleware, each made for one plan."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from pikku_core.runtime.chain import Invoke, fold
from pikku_core.runtime.lane import LaneRunner
from pikku_core.runtime.records import NO_DATA
from pikku_core.runtime.state import is_waited_for, lane_of, resolve_session, state_of
from pikku_core.wire import Wire

if TYPE_CHECKING:
    from pikku_core.runtime.arguments import Arguments
    from pikku_core.runtime.call_services import CallServices
    from pikku_core.runtime.calling import Call
    from pikku_core.runtime.checks import RequirePermission
    from pikku_core.runtime.lane import Lane, Lanes
    from pikku_core.runtime.plan import Read

Write: TypeAlias = Callable[[Any], Any]
Execute: TypeAlias = Callable[[Wire, Any], Awaitable[tuple[Any, Any]]]
"""Permissions, call services, the function and `write`: wire and data in, the result and the answer out."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What comes first inside the middleware.

    Attributes:
        gate: Settles the session and refuses it; None where there cannot be one.
        read: How the data is read; None for a function without data.
        default: What stands in for `NO_DATA`.
    """

    gate: Callable[[Wire], None] | None
    read: Read | None
    default: Any


def execute_in_lane(
    lanes: Lanes,
    call: Call,
    write: Write,
    require: RequirePermission | None,
    services: CallServices | None,
) -> Execute:
    """A sync function: everything sync of the invocation runs in one lane."""

    async def execute_in(lane: Lane, wire: Wire, data: Any) -> tuple[Any, Any]:
        def work() -> tuple[Any, Any]:
            result = call(wire, data)
            return result, write(result)

        if require is None and services is None:
            outcome: tuple[Any, Any] = await lane.run(work)
            return outcome
        runner = LaneRunner(lane)
        if require is not None:
            await require(wire, data, runner)
        if services is None:
            outcome = await runner.run(work)
        else:
            outcome = await services.around(wire, runner, lambda: runner.run(work))
        return outcome

    return holding_lane(lanes, execute_in)


def holding_lane(
    lanes: Lanes, execute_in: Callable[[Lane, Wire, Any], Awaitable[tuple[Any, Any]]]
) -> Execute:
    """Runs something in the lane of who called, or in one of its own."""

    async def execute(wire: Wire, data: Any) -> tuple[Any, Any]:
        taken = lane_of(wire)
        if taken is not None:
            return await execute_in(taken, wire, data)
        state = state_of(wire)
        lane = state.lane = await lanes.acquire(beyond=is_waited_for(wire))
        try:
            return await execute_in(lane, wire, data)
        finally:
            state.lane = None
            lanes.release(lane)

    return execute


def execute_on_loop(
    call: Call, write: Write, require: RequirePermission | None, services: CallServices | None
) -> Execute:
    """An async function: sync services and permissions of it run on the loop's thread."""

    async def execute(wire: Wire, data: Any) -> tuple[Any, Any]:
        if require is not None:
            await require(wire, data, None)
        if services is None:
            result = await call(wire, data)
            return result, write(result)

        async def body() -> tuple[Any, Any]:
            result = await call(wire, data)
            return result, write(result)

        outcome: tuple[Any, Any] = await services.around(wire, None, body)
        return outcome

    return execute


def compile_invoke(
    opening: Opening,
    layers: Sequence[tuple[Callable[..., Any], Arguments]],
    call: Call,
    write: Write,
    execute: Execute | None,
) -> Invoke:
    """The whole invocation.

    Args:
        opening: What comes before permissions.
        layers: Middleware with its arguments, outermost first.
        call: The function.
        write: Makes the answer of its result.
        execute: What comes between; None for an async function with nothing between its data and its result.
    """
    if layers:
        core = (
            keeping_straight(opening, call, write) if execute is None else keeping(opening, execute)
        )
        return with_middleware(fold(layers, core), write)
    return straight(opening, call, write) if execute is None else answering(opening, execute)


def reader(opening: Opening) -> Callable[[Wire], Awaitable[Any]]:
    """The session is settled and passes its gate, then the data is read."""
    gate, read, default = opening.gate, opening.read, opening.default

    async def read_data(wire: Wire) -> Any:
        if gate is not None:
            gate(wire)
        if read is None:
            return None
        data = read.call(wire)
        if read.is_async:
            data = await data
        return default if data is NO_DATA else data

    return read_data


def straight(opening: Opening, call: Call, write: Write) -> Invoke:
    """An async function with nothing between its data and its result."""
    gate, read, default = opening.gate, opening.read, opening.default
    if read is not None and not read.is_async:
        read_now = read.call

        async def invoke(wire: Wire) -> Any:
            if gate is not None:
                gate(wire)
            data = read_now(wire)
            return write(await call(wire, default if data is NO_DATA else data))

        return invoke
    read_data = reader(opening)

    async def invoke_reading(wire: Wire) -> Any:
        return write(await call(wire, await read_data(wire)))

    return invoke_reading


def answering(opening: Opening, execute: Execute) -> Invoke:
    """An invocation without middleware that has permissions, call services or a lane."""
    read_data = reader(opening)

    async def invoke(wire: Wire) -> Any:
        _, answer = await execute(wire, await read_data(wire))
        return answer

    return invoke


def keeping(opening: Opening, execute: Execute) -> Invoke:
    """The innermost `next`: gives middleware the result, and keeps what was written of it."""
    read_data = reader(opening)

    async def invoke(wire: Wire) -> Any:
        data = await read_data(wire)
        state = state_of(wire)
        state.result, state.answer = await execute(wire, data)
        return state.result

    return invoke


def keeping_straight(opening: Opening, call: Call, write: Write) -> Invoke:
    """What `keeping` does for an async function with nothing between its data and its result."""
    gate, read, default = opening.gate, opening.read, opening.default
    read_data = None if read is None else read.call
    is_async = read is not None and read.is_async

    async def invoke(wire: Wire) -> Any:
        if gate is not None:
            gate(wire)
        data = None
        if read_data is not None:
            data = read_data(wire)
            if is_async:
                data = await data
            if data is NO_DATA:
                data = default
        result = await call(wire, data)
        state = state_of(wire)
        state.result, state.answer = result, write(result)
        return result

    return invoke


def with_middleware(chain: Invoke, write: Write) -> Invoke:
    """Answers with what was written of the result, or writes what middleware returned in its place."""

    async def invoke(wire: Wire) -> Any:
        state = state_of(wire)
        state.resolved = False
        result = await chain(wire)
        return state.answer if result is state.result else write(result)

    return invoke


def compile_caller(layers: Sequence[tuple[Callable[..., Any], Arguments]]) -> Invoke:
    """Middleware round nothing: what is known afterwards is who calls."""

    async def settle(wire: Wire) -> None:
        resolve_session(wire)

    chain = fold(layers, settle)

    async def find(wire: Wire) -> Any:
        state_of(wire).resolved = False
        await chain(wire)
        return wire.session

    return find
