"""What an invocation costs beside the function itself, in the process and without a transport.

    python benchmarks/invoke.py

Each line is the fastest of many rounds and the spread of the rounds (from the fastest to their median), in
microseconds per call.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from pikku_core import App, pikku_func, pikku_middleware, pikku_service, pikku_sessionless_func
from pikku_core.runtime import Plan, Read
from pikku_core.wire import Wire

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from pikku_core import Middleware, Next, Rpc

CALLS, ROUNDS = 2_000, 60


class Order(BaseModel):
    id: int
    note: str = ""


class Session(BaseModel):
    user_id: int


class PlainWire(Wire):
    __slots__ = ("body",)

    kind = "bench"
    carries_session = False

    def __init__(self, function: str, body: bytes) -> None:
        super().__init__(function, function)
        self.body = body


class SessionWire(PlainWire):
    __slots__ = ()

    carries_session = True


@pikku_sessionless_func
async def plain(data: Order) -> Order:
    return data


@pikku_sessionless_func
async def with_wire(data: Order, *, wire: Wire) -> Order:  # noqa: ARG001 -- to be given it
    return data


@pikku_func
async def with_session(data: Order, *, session: Session) -> Order:  # noqa: ARG001 -- to be given it
    return data


@pikku_sessionless_func
def blocking(data: Order) -> Order:
    return data


@pikku_service(scope="call")
async def transaction() -> AsyncIterator[str]:
    yield "transaction"


@pikku_sessionless_func
async def with_transaction(data: Order, *, transaction: str) -> Order:  # noqa: ARG001 -- to be given it
    return data


@pikku_sessionless_func
async def calling(data: Order, *, rpc: Rpc) -> Order:
    result: Order = await rpc.plain(data)
    return result


def simple_middleware() -> Middleware:
    @pikku_middleware
    async def simple(next: Next) -> Any:
        return await next()

    return simple


FOUR = [simple_middleware() for _ in range(4)]
FUNCTIONS: list[Callable[..., Any]] = [
    plain,
    with_wire,
    with_session,
    blocking,
    with_transaction,
    calling,
]


async def measure(name: str, call: Callable[[], Awaitable[Any]], base: float = 0.0) -> float:
    rounds: list[float] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(CALLS):
            await call()
        rounds.append((time.perf_counter() - start) / CALLS * 1e6)
    best = min(rounds)
    spread = statistics.median(rounds) - best
    over = f"  +{best - base:.2f} over the bare call" if base else ""
    print(f"{name:<44}{best:7.2f} µs  (+{spread:.2f}){over}")
    return best


async def main() -> None:
    app = App(functions=FUNCTIONS, services=[transaction])
    async with app:
        codec = app.record("plain").data
        assert codec is not None
        write, read_json = app.record("plain").result.write_json, codec.read_json
        body = b'{"id":1,"note":"x"}'
        session = Session(user_id=1)

        def read_wire(wire: PlainWire) -> Order:
            order: Order = read_json(wire.body)
            return order

        def compiled(function: str, wire: type[PlainWire], *middleware: Middleware) -> Plan:
            return app.plan(
                function,
                wire=wire,
                read=Read(read_wire),
                write=write,
                pattern_middleware=middleware,
            )

        async def bare() -> bytes:
            return write(await plain(read_json(body)))

        base = await measure("bare: read, call, write", bare)
        direct = compiled("plain", PlainWire).direct
        assert direct is not None

        async def directly() -> bytes:
            return write(await direct(read_json(body)))

        await measure("plan.direct", directly, base)

        def case(plan: Plan, wire_class: type[PlainWire]) -> Callable[[], Awaitable[Any]]:
            def call() -> Awaitable[Any]:
                wire = wire_class("plain", body)
                wire.session = session
                return plan.invoke(wire)

            return call

        async def show(
            name: str, function: str, wire: type[PlainWire], *middleware: Middleware
        ) -> None:
            await measure(name, case(compiled(function, wire, *middleware), wire), base)

        await show("plan.invoke, sessionless", "plain", PlainWire)
        await show("the same, the wire as an argument", "with_wire", PlainWire)
        await show("the same, 4 middleware", "plain", PlainWire, *FOUR)
        await show("session gate", "with_session", SessionWire)
        await show("a call service", "with_transaction", PlainWire)
        await show("a nested call through rpc", "calling", PlainWire)
        await show("a sync function", "blocking", PlainWire)


asyncio.run(main())
