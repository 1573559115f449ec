"""The App itself: start, stop, hooks, plans."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator  # noqa: TC003 -- an App built by hand reads annotations
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    DeclarationError,
    FunctionNotFoundError,
    Wire,
    pikku_func,
    pikku_permission,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_core.runtime import Read

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Mapping

pytestmark = pytest.mark.anyio


class Order(BaseModel):
    id: int


class PlainWire(Wire):
    __slots__ = ()

    kind = "plain"
    carries_session = False
    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"plain": id}


@pikku_service
async def database() -> AsyncIterator[dict[str, int]]:
    opened = {"orders": 1}
    yield opened
    opened.clear()


@pikku_sessionless_func
async def place(data: Order, *, database: dict[str, int], logger: logging.Logger) -> str:
    return f"{data.id} of {database['orders']} by {logger.name}"


@pikku_sessionless_func
def blocking(data: Order) -> Order:
    return data


@pikku_func
async def bound(data: Order) -> Order:
    return data


@pikku_sessionless_func
async def calling(data: Order, *, wire: Wire) -> Order:
    return data


def read_nothing(wire: Wire) -> Order:
    return Order(id=1)


async def test_a_plain_function_can_be_called_without_a_wire() -> None:
    async with App(functions=[place], services=[database]) as app:
        plan = app.plan("place", wire=PlainWire, read=Read(read_nothing))
        assert plan.direct is not None
        assert await plan.direct(Order(id=5)) == "5 of 1 by pikku.place"


@pytest.mark.parametrize("function", ["blocking", "bound", "calling"])
async def test_a_function_that_needs_more_has_no_direct_way(function: str) -> None:
    async with App(functions=[blocking, bound, calling]) as app:
        assert app.plan(function, wire=PlainWire, read=Read(read_nothing)).direct is None


async def test_a_wire_that_may_carry_a_session_has_no_direct_way() -> None:
    async with App(functions=[place], services=[database]) as app:
        assert app.plan("place", wire=Wire, read=Read(read_nothing)).direct is None


async def test_a_permission_leaves_no_direct_way() -> None:
    @pikku_permission
    async def anybody() -> bool:
        return True

    @pikku_sessionless_func(permissions=[anybody])
    async def guarded() -> None: ...

    async with App(functions=[guarded]) as app:
        assert app.plan("guarded", wire=PlainWire).direct is None


async def test_a_function_with_data_needs_to_be_told_where_from() -> None:
    async with App(functions=[bound]) as app:
        with pytest.raises(DeclarationError, match='"bound" takes data, and no "read"'):
            app.plan("bound")


async def test_what_nobody_gives_is_refused_when_the_plan_is_made() -> None:
    @pikku_sessionless_func
    async def typo(*, databse: str) -> str:
        return databse

    async with App(functions=[typo], services=[database]) as app:
        with pytest.raises(DeclarationError, match=r'"typo" asks for "databse".*kind "plain"'):
            app.plan("typo", wire=PlainWire)


async def test_a_function_that_asks_for_secrets_is_refused() -> None:
    @pikku_sessionless_func
    async def curious(*, secrets: Any) -> None: ...

    async with App(functions=[curious]) as app:
        with pytest.raises(DeclarationError, match='asks for "secrets"'):
            await app.invoke("curious")


async def test_a_stream_is_refused_where_none_is_served() -> None:
    @pikku_sessionless_func
    async def count() -> AsyncIterator[int]:
        yield 1

    async with App(functions=[count]) as app:
        with pytest.raises(DeclarationError, match='"count" is a stream'):
            app.plan("count", wire=PlainWire)


async def test_a_service_of_the_project_goes_before_a_wire_thing_of_that_name() -> None:
    @pikku_service
    async def plain() -> str:
        return "the project's"

    @pikku_sessionless_func
    async def which(*, plain: str) -> str:
        return plain

    async with App(functions=[which], services=[plain]) as app:
        plan = app.plan("which", wire=PlainWire)
        assert await plan.invoke(PlainWire("plain:1", "which")) == "the project's"


async def test_hooks_run_when_services_are_there() -> None:
    seen: list[Any] = []

    async def started(app: App) -> None:
        seen.append(app.service("database")["orders"])

    def stopping(app: App) -> None:
        seen.append(dict(app.service("database")))

    async with App(functions=[place], services=[database], startup=[started], shutdown=[stopping]):
        seen.append("running")
    assert seen == [1, "running", {"orders": 1}]


async def test_a_startup_hook_that_fails_stops_what_had_started() -> None:
    opened: list[dict[str, int]] = []

    def failing(app: App) -> None:
        opened.append(app.service("database"))
        raise OSError("no")

    app = App(functions=[place], services=[database], startup=[failing])
    with pytest.raises(OSError, match="no"):
        await app.start()
    assert opened == [{}]


async def test_a_shutdown_hook_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def failing(app: App) -> None:
        raise OSError("no")

    async with App(functions=[place], services=[database], shutdown=[failing]) as app:
        opened = app.service("database")
    assert opened == {}
    assert caplog.messages == ["A shutdown hook failed."]


async def test_two_who_stop_an_app_run_its_hooks_once_and_both_wait_for_its_end() -> None:
    may_end, calls = asyncio.Event(), list[str]()

    async def slow(app: App) -> None:
        calls.append("hook")
        await may_end.wait()

    app = App(functions=[place], services=[database], shutdown=[slow])
    await app.start()
    opened = app.service("database")
    first, second = (asyncio.create_task(app.stop()) for _ in range(2))
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="running already"):
        await app.start()
    may_end.set()
    await second
    assert (calls, opened, first.done()) == (["hook"], {}, True)


async def test_a_shutdown_hook_that_stops_the_app_does_not_wait_for_itself() -> None:
    calls = list[str]()

    async def again(app: App) -> None:
        calls.append("hook")
        await app.stop()

    async with App(functions=[place], services=[database], shutdown=[again]):
        pass
    assert calls == ["hook"]


def test_an_app_is_stopped_by_two_in_one_loop_and_again_in_another() -> None:
    app = App(functions=[place], services=[database])

    async def run() -> None:
        await app.start()
        await asyncio.gather(app.stop(), app.stop())

    for _ in range(2):
        asyncio.run(run())


async def test_a_stop_that_is_cancelled_in_a_hook_stops_the_services_all_the_same() -> None:
    async def forever(app: App) -> None:
        await asyncio.Event().wait()

    app = App(functions=[place], services=[database], shutdown=[forever])
    await app.start()
    opened: dict[str, int] = app.service("database")
    opened["orders"] = 7
    stopping = asyncio.create_task(app.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert opened == {}


async def test_an_app_can_be_started_again_but_not_twice() -> None:
    app = App(functions=[place], services=[database])
    for _ in range(2):
        async with app:
            assert await app.invoke("place", {"id": 1}) == "1 of 1 by pikku.place"
            with pytest.raises(RuntimeError, match="running already"):
                await app.start()
    await app.stop()


async def test_an_app_that_is_starting_cannot_be_started_beside_it() -> None:
    app = App(functions=[place], services=[database])
    outcomes = await asyncio.gather(app.start(), app.start(), return_exceptions=True)
    assert outcomes[0] is None
    assert isinstance(outcomes[1], RuntimeError)
    await app.stop()


async def test_an_app_whose_start_failed_can_be_started_again() -> None:
    fails = [OSError("no"), None]

    def failing(app: App) -> None:
        if (error := fails.pop(0)) is not None:
            raise error

    app = App(functions=[place], services=[database], startup=[failing])
    with pytest.raises(OSError, match="no"):
        await app.start()
    async with app:
        assert await app.invoke("place", {"id": 1}) == "1 of 1 by pikku.place"


async def test_an_app_that_is_not_running_says_so() -> None:
    app = App(functions=[place], services=[database])
    with pytest.raises(RuntimeError, match="not running"):
        await app.invoke("place", {"id": 1})


async def test_two_apps_of_one_process_have_services_of_their_own() -> None:
    one, two = (App(functions=[place], services=[database]) for _ in range(2))
    async with one, two:
        one.service("database")["orders"] = 11
        two.service("database")["orders"] = 22
        assert await one.rpc.place({"id": 1}) == "1 of 11 by pikku.place"
        assert await two.rpc.place({"id": 1}) == "1 of 22 by pikku.place"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"functoins": []}, 'no option "functoins"'),
        ({"threads": 0}, '"threads" of 1 or more'),
        ({"rpc_depth": -1}, '"rpc_depth" of 0 or more'),
    ],
    ids=str,
)
async def test_an_option_that_would_do_nothing_is_refused(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(DeclarationError, match=message):
        App(**options)


async def test_an_unknown_function_has_no_record() -> None:
    with pytest.raises(FunctionNotFoundError, match=r'"plaze"\. Is it "place"'):
        App(functions=[place]).record("plaze")
