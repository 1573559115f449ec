"""Call services: context managers round the function of one invocation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from pikku_core.runtime.arguments import Arguments, Give, Owner, Supplier
from pikku_core.runtime.container import refuse_circle
from pikku_core.runtime.state import CallState, open_service, state_of

if TYPE_CHECKING:
    from pikku_core.runtime.lane import LaneRunner
    from pikku_core.runtime.records import Kind, ServiceRecord
    from pikku_core.wire import Wire

Close: TypeAlias = Callable[[BaseException | None], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class CallService:
    """A call service of a plan, ready to be opened."""

    id: str
    kind: Kind
    make: Callable[..., Any]
    give: Give

    async def open(self, wire: Wire, lane: LaneRunner | None) -> tuple[Any, Close | None]:
        """The service and what closes it. Sync ones run in the lane where there is one, else right here."""
        arguments = self.give(wire)
        match self.kind:
            case "async":
                return await self.make(**arguments), None
            case "async_generator":
                context = self.make(**arguments)

                async def close(error: BaseException | None) -> None:
                    await context.__aexit__(*excinfo(error))

                return await context.__aenter__(), close
            case "sync_generator":
                sync_context = self.make(**arguments)

                async def close_sync(error: BaseException | None) -> None:
                    await run(lane, lambda: sync_context.__exit__(*excinfo(error)))

                return await enter(lane, sync_context, close_sync), close_sync
            case "sync" | "class":
                return await run(lane, lambda: self.make(**arguments)), None


class CallServices:
    """The call services of a plan, each after those that it asks for."""

    def __init__(self, services: tuple[CallService, ...]) -> None:
        self._services = services

    async def around(
        self, wire: Wire, lane: LaneRunner | None, body: Callable[[], Awaitable[Any]]
    ) -> Any:
        """Runs `body` between opening and closing the services.

        What the caller of this invocation has open is used, and left open. An error of the body, of opening or of
        closing is thrown in at the `yield` of each service that is still open. A service can replace the error by
        raising another; it cannot make it disappear: a call that failed is never answered as one that succeeded.
        """
        state, closers = state_of(wire), list[tuple[str, Close | None]]()
        answer: Any = None
        error: BaseException | None = None
        try:
            for service in self._services:
                if open_service(wire, service.id) is CallState:
                    state.services[service.id], close = await service.open(wire, lane)
                    closers.append((service.id, close))
            answer = await body()
        except BaseException as raised:  # noqa: BLE001 -- raised again once the services have been told
            error = raised
        error = await close_all(state, closers, error)
        if error is None:
            return answer
        try:
            raise error
        finally:
            del error  # Its traceback holds this frame.


async def close_all(
    state: CallState, closers: list[tuple[str, Close | None]], error: BaseException | None
) -> BaseException | None:
    """Closes services, last opened first; returns the error that the invocation ends in."""
    for service, close in reversed(closers):
        if close is not None:
            try:
                await close(error)
            except BaseException as raised:  # noqa: BLE001 -- it is the answer of the call, raised by who asked
                error = raised
        state.services.pop(service, None)
    return error


def compile_call_services(
    required: tuple[str, ...],
    services: Mapping[str, ServiceRecord],
    supplier: Supplier,
    owner: Owner,
) -> CallServices | None:
    """The call services that a function asks for and those that they ask for; None where there are none.

    Raises:
        DeclarationError: They ask for each other in a circle, or for what the invocation does not have.
    """
    order: dict[str, CallService] = {}

    def visit(service: str, path: tuple[str, ...]) -> None:
        refuse_circle(service, path)
        if service in order:
            return
        record = services[service]
        arguments = supplier.arguments(
            record.needs,
            Owner(
                what=f'call service "{service}"',
                function=owner.function,
                wire=owner.wire,
                calls=True,
                blocking=owner.blocking,
                secrets=True,
            ),
        )
        for each in arguments.calls:
            visit(each, (*path, service))
        order[service] = CallService(
            service, record.needs.kind, maker(record, arguments), arguments.giver()
        )

    for service in required:
        visit(service, ())
    return CallServices(tuple(order.values())) if order else None


def maker(record: ServiceRecord, arguments: Arguments) -> Callable[..., Any]:
    """What makes the service, or the context manager of it."""
    factory = record.factory()
    if record.needs.kind == "async_generator":
        factory = asynccontextmanager(factory)
    elif record.needs.kind == "sync_generator":
        factory = contextmanager(factory)
    return arguments.bind(factory)


async def enter(lane: LaneRunner | None, context: Any, close: Close) -> Any:
    """The service of a sync context manager.

    A thread cannot be interrupted: where the call is cancelled meanwhile the service is open all the same, and closed.
    """
    opened = list[Any]()
    try:
        await run(lane, lambda: opened.append(context.__enter__()))
    except BaseException as error:
        if opened:
            await close(error)
        raise
    return opened[0]


async def run(lane: LaneRunner | None, call: Callable[[], Any]) -> Any:
    """Runs sync code in the lane where there is one, else right here."""
    return call() if lane is None else await lane.run(call)


def excinfo(error: BaseException | None) -> tuple[Any, Any, Any]:
    """What `__exit__` is told."""
    return (None, None, None) if error is None else (type(error), error, error.__traceback__)
