"""The order of the steps of one invocation, and what each step stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    ForbiddenError,
    InvalidDataError,
    MissingScopeError,
    Next,
    ReadonlySessionError,
    UnauthorizedError,
    Wire,
    pikku_func,
    pikku_middleware,
    pikku_permission,
    pikku_service,
)
from pikku_core.runtime import Read

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.anyio


class Order(BaseModel):
    id: int


@dataclass(kw_only=True)
class Session:
    user: str = "ada"
    readonly: bool = False
    scopes: list[str] = field(default_factory=list[str])


@dataclass
class Event:
    """What a transport would be given."""

    body: bytes = b'{"id": 1}'
    session: Session | None = field(default_factory=lambda: Session(scopes=["orders"]))
    allowed: bool = True
    steps: list[str] = field(default_factory=list[str])


class EventWire(Wire):
    __slots__ = ("event",)

    kind = "event"

    def __init__(self, event: Event) -> None:
        super().__init__("event:orders", "place")
        self.event = event
        self.session = event.session


def log(wire: EventWire, step: str) -> None:
    wire.event.steps.append(step)


@pikku_middleware
async def around(next: Next, *, wire: EventWire) -> Any:
    log(wire, "middleware in")
    try:
        return await next()
    finally:
        log(wire, "middleware out")


@pikku_permission
async def permitted(data: Order, *, wire: EventWire) -> bool:
    log(wire, f"permission for {data.id}")
    return wire.event.allowed


@pikku_service(scope="call")
async def transaction(*, wire: EventWire) -> AsyncIterator[str]:
    log(wire, "opened")
    yield "transaction"
    log(wire, "closed")


@pikku_func(scopes=["orders"], permissions=[permitted], middleware=[around])
async def place(data: Order, *, transaction: str, wire: EventWire) -> Order:
    log(wire, f"function with {transaction}")
    return data


async def run(event: Event) -> bytes:
    async with App(functions=[place], services=[transaction]) as app:
        record = app.record("place")
        assert record.data is not None
        read_json, write_json = record.data.read_json, record.result.write_json

        async def read(wire: EventWire) -> Any:
            log(wire, "read")
            return read_json(wire.event.body)

        def write(result: Any) -> bytes:
            event.steps.append("written")
            return write_json(result)

        plan = app.plan("place", wire=EventWire, read=Read(read, is_async=True), write=write)
        answer: bytes = await plan.invoke(EventWire(event))
        return answer


async def test_every_step_has_its_place() -> None:
    event = Event()
    assert await run(event) == b'{"id":1}'
    assert event.steps == [
        "middleware in",
        "read",
        "permission for 1",
        "opened",
        "function with transaction",
        "written",
        "closed",
        "middleware out",
    ]


async def test_without_a_session_nothing_is_read() -> None:
    event = Event(session=None, body=b"not even JSON")
    with pytest.raises(UnauthorizedError) as caught:
        await run(event)
    assert caught.value.challenge == "Bearer"
    assert event.steps == ["middleware in", "middleware out"]


async def test_a_readonly_session_is_refused_before_anything_is_read() -> None:
    event = Event(session=Session(readonly=True, scopes=["orders"]))
    with pytest.raises(ReadonlySessionError):
        await run(event)
    assert event.steps == ["middleware in", "middleware out"]


async def test_a_missing_scope_is_refused_before_anything_is_read() -> None:
    event = Event(session=Session(scopes=["books"]))
    with pytest.raises(MissingScopeError) as caught:
        await run(event)
    assert caught.value.payload == {"scope": "orders"}
    assert event.steps == ["middleware in", "middleware out"]


async def test_invalid_data_reaches_no_permission() -> None:
    event = Event(body=b'{"id": "first"}')
    with pytest.raises(InvalidDataError) as caught:
        await run(event)
    assert [detail.location for detail in caught.value.details] == [("id",)]
    assert event.steps == ["middleware in", "read", "middleware out"]


async def test_a_denied_call_opens_no_call_service() -> None:
    event = Event(allowed=False)
    with pytest.raises(ForbiddenError):
        await run(event)
    assert event.steps == ["middleware in", "read", "permission for 1", "middleware out"]
