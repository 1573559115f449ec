"""Calls by name: the whole pipeline again, with the caller's session and trace."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    ForbiddenError,
    FunctionNotFoundError,
    InvalidDataError,
    InvalidResultError,
    MissingServiceError,
    Rpc,
    RpcDepthError,
    UnauthorizedError,
    Wire,
    global_permissions,
    pikku_func,
    pikku_permission,
    pikku_sessionless_func,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

pytestmark = pytest.mark.anyio


class Order(BaseModel):
    id: int


class Larger(Order):
    note: str = "secret"


@pikku_sessionless_func
async def place(data: Order) -> Order:
    return data


@pikku_sessionless_func
async def ping() -> str:
    return "pong"


@pikku_func
async def who(*, session: Any) -> str:
    return str(session.user)


@pikku_sessionless_func(name="acme:send")
async def acme_send(data: str, *, rpc: Rpc) -> str:
    sent: str = await rpc.sign(data)
    return sent


@pikku_sessionless_func(name="acme:sign")
async def acme_sign(data: str) -> str:
    return f"{data}, signed acme"


@pikku_sessionless_func
async def sign(data: str) -> str:
    return f"{data}, signed"


async def test_attribute_and_invoke_are_the_same_call() -> None:
    async with App(functions=[place]) as app:
        order = Order(id=1)
        assert await app.rpc.place(order) is order
        assert await app.rpc.invoke("place", order) is order


async def test_an_addon_is_a_namespace_and_calls_its_own_functions_first() -> None:
    async with App(functions=[acme_send, acme_sign, sign]) as app:
        assert await app.rpc.acme.send("hello") == "hello, signed acme"
        assert await app.rpc.invoke("acme:send", "hello") == "hello, signed acme"
        assert await app.rpc.sign("hello") == "hello, signed"


async def test_an_unknown_name_is_an_error_that_names_the_nearest() -> None:
    async with App(functions=[place]) as app:
        with pytest.raises(FunctionNotFoundError, match=r'"plaec"\. Is it "place"\?'):
            app.rpc.plaec(Order(id=1))
        with pytest.raises(FunctionNotFoundError):
            await app.invoke("unknown")


async def test_data_of_another_shape_is_validated() -> None:
    async with App(functions=[place]) as app:
        assert await app.rpc.place({"id": "7"}) == Order(id=7)
        with pytest.raises(InvalidDataError) as caught:
            await app.rpc.place({"id": "x"})
    assert caught.value.details[0].location == ("id",)


async def test_missing_and_unexpected_data_are_errors() -> None:
    async with App(functions=[place, ping]) as app:
        with pytest.raises(InvalidDataError) as missing:
            await app.rpc.place()
        with pytest.raises(InvalidDataError) as unexpected:
            await app.rpc.ping(1)
        assert await app.rpc.ping(None) == "pong"
    assert missing.value.details[0].code == "missing"
    assert unexpected.value.details[0].message == 'The function "ping" takes no data.'


async def test_data_with_a_default_may_be_left_out() -> None:
    @pikku_sessionless_func
    async def listing(data: int = 10) -> int:
        return data

    async with App(functions=[listing]) as app:
        assert [await app.rpc.listing(), await app.rpc.listing(3)] == [10, 3]


async def test_the_session_goes_along() -> None:
    @pikku_sessionless_func
    async def outer(*, rpc: Rpc) -> str:
        name: str = await rpc.who()
        return name

    async with App(functions=[who, outer]) as app:
        assert await app.invoke("outer", session=SimpleNamespace(user="ada")) == "ada"
        with pytest.raises(UnauthorizedError):
            await app.invoke("outer")


async def test_permissions_hold_for_nested_calls_too() -> None:
    @pikku_permission
    async def not_nested(*, wire: Wire) -> bool:
        return wire.depth == 0

    @pikku_sessionless_func
    async def outer(*, rpc: Rpc) -> None:
        await rpc.ping()

    async with App([global_permissions([not_nested])], functions=[ping, outer]) as app:
        assert await app.rpc.ping() == "pong"
        with pytest.raises(ForbiddenError):
            await app.rpc.outer()


async def test_depth_is_bounded() -> None:
    @pikku_sessionless_func
    async def forever(data: int, *, rpc: Rpc) -> None:
        depths.append(data)
        await rpc.forever(data + 1)

    depths: list[int] = []
    async with App(functions=[forever], rpc_depth=5) as app:
        with pytest.raises(RpcDepthError, match='"forever" is nested 6 deep, 5 is the limit'):
            await app.rpc.forever(0)
    assert depths == [0, 1, 2, 3, 4, 5]


async def test_a_result_that_does_not_fit_does_not_reach_the_caller() -> None:
    @pikku_sessionless_func
    async def broken() -> Order:
        return {"name": "x"}  # type: ignore[return-value]  # pyright: ignore[reportReturnType]  # the fault that is tested

    async with App(functions=[broken]) as app:
        with pytest.raises(InvalidResultError):
            await app.rpc.broken()


def line_of(wire: Wire) -> str:
    return f"line of {wire.function}"


class LineWire(Wire):
    __slots__ = ()

    kind = "line"
    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"line": line_of}


async def test_trace_and_wire_things_of_the_caller_go_along() -> None:
    traces: list[str] = []

    @pikku_sessionless_func
    async def inner(*, wire: Wire, line: str) -> str:
        traces.append(wire.trace_id)
        return line

    @pikku_sessionless_func
    async def outer(*, rpc: Rpc, wire: Wire) -> str:
        traces.append(wire.trace_id)
        line: str = await rpc.inner()
        return line

    async with App(functions=[inner, outer]) as app:
        plan = app.plan("outer", wire=LineWire)
        assert await plan.invoke(LineWire("line:1", "outer")) == "line of outer"
        with pytest.raises(MissingServiceError, match='function "inner" asks for "line"'):
            await app.rpc.inner()
    assert traces[0] == traces[1]
    assert len(traces[0]) == 32


async def test_a_service_that_the_app_was_not_given_is_named_with_how_to_give_it() -> None:
    @pikku_sessionless_func
    async def get_item(*, shelf: str) -> str:
        return shelf

    async with App(functions=[get_item]) as app:
        with pytest.raises(
            MissingServiceError,
            match=r'"shelf".*was not given.*App\(\.\.\., services=\[shelf\]\)\.$',
        ):
            await app.rpc.get_item()


async def test_an_optional_wire_thing_is_none_where_nobody_gives_it() -> None:
    @pikku_sessionless_func
    async def maybe(*, line: str | None = "the default") -> str | None:
        return line

    async with App(functions=[maybe]) as app:
        assert await app.rpc.maybe() is None
        assert await app.plan("maybe", wire=LineWire).invoke(LineWire("line:1", "maybe")) == (
            "line of maybe"
        )


async def test_probing_an_rpc_for_magic_names_is_no_call() -> None:
    async with App(functions=[ping]) as app:
        assert not hasattr(app.rpc, "__fspath__")


async def test_who_observes_stands_round_all_calls_by_name() -> None:
    seen: list[str] = []

    def around(invoke: Callable[[Wire], Any], function: str) -> Callable[[Wire], Any]:
        async def call(wire: Wire) -> Any:
            seen.append(f"{function} of {wire.function}")
            return await invoke(wire)

        return call

    app = App(functions=[place, ping])
    async with app:
        await app.rpc.ping()
        app.observe(around)
        app.observe(around)
        await app.rpc.ping()
        await app.rpc.place(Order(id=1))
    assert seen == ["ping of ping", "place of place"]
    async with app:
        await app.rpc.ping()
    assert len(seen) == 2
