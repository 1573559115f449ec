"""Call services: opened round the function, told how it ended."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    ConflictError,
    DeclarationError,
    GoneError,
    InvalidResultError,
    Rpc,
    SyncRpc,
    pikku_service,
    pikku_sessionless_func,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

pytestmark = pytest.mark.anyio


class Done(BaseModel):
    id: int = 1


def unit(name: str, seen: list[str]) -> Callable[..., Any]:
    """A unit of work that says how it ended."""

    @pikku_service(name=name, scope="call")
    async def unit_of_work() -> AsyncIterator[str]:
        seen.append(f"{name} opened")
        try:
            yield name
        except BaseException as error:
            seen.append(f"{name} rolled back for {type(error).__name__}")
            raise
        seen.append(f"{name} committed")

    return unit_of_work


async def test_it_commits_when_the_function_returned() -> None:
    seen: list[str] = []

    @pikku_sessionless_func
    async def work(*, tx: str) -> Done:
        seen.append(f"works in {tx}")
        return Done()

    async with App(functions=[work], services=[unit("tx", seen)]) as app:
        await app.invoke("work")
    assert seen == ["tx opened", "works in tx", "tx committed"]


async def test_it_does_not_commit_when_the_function_raised() -> None:
    seen: list[str] = []

    @pikku_sessionless_func
    async def work(*, tx: str) -> Done:
        raise ConflictError

    async with App(functions=[work], services=[unit("tx", seen)]) as app:
        with pytest.raises(ConflictError):
            await app.invoke("work")
    assert seen == ["tx opened", "tx rolled back for ConflictError"]


async def test_it_does_not_commit_when_the_result_does_not_fit() -> None:
    seen: list[str] = []

    @pikku_sessionless_func
    async def work(*, tx: str) -> Done:
        return {"id": "one"}  # type: ignore[return-value]  # pyright: ignore[reportReturnType]  # the fault that is tested

    async with App(functions=[work], services=[unit("tx", seen)]) as app:
        with pytest.raises(InvalidResultError):
            await app.invoke("work")
    assert seen == ["tx opened", "tx rolled back for InvalidResultError"]


async def test_it_does_not_commit_when_the_call_is_cancelled() -> None:
    seen: list[str] = []
    inside = asyncio.Event()

    @pikku_sessionless_func
    async def work(*, tx: str) -> None:
        inside.set()
        await asyncio.Event().wait()

    async with App(functions=[work], services=[unit("tx", seen)]) as app:
        task = asyncio.create_task(app.invoke("work"))
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert seen == ["tx opened", "tx rolled back for CancelledError"]


async def test_one_that_a_thread_opens_while_the_call_is_cancelled_is_closed() -> None:
    opening, go_on = threading.Event(), threading.Event()
    seen: list[str] = []

    @pikku_service(scope="call")
    def tx() -> Iterator[int]:
        opening.set()
        go_on.wait()
        seen.append("opened")
        try:
            yield 1
        except BaseException as error:
            seen.append(f"rolled back for {type(error).__name__}")
            raise

    @pikku_sessionless_func
    def work(*, tx: int) -> None:
        seen.append("works")

    async with App(functions=[work], services=[tx]) as app:
        task = asyncio.create_task(app.invoke("work"))
        await asyncio.to_thread(opening.wait)
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert seen == ["opened", "rolled back for CancelledError"]


@pytest.mark.parametrize("fails", ["function", "result", "nested"])
@pytest.mark.parametrize("way", ["async", "sync"])
async def test_an_error_leaves_nothing_for_the_garbage_collector(way: str, fails: str) -> None:
    @pikku_sessionless_func
    async def inner() -> None:
        raise ConflictError

    @pikku_service(scope="call")
    def tx() -> Iterator[int]:
        yield 1

    @pikku_sessionless_func(name="work")
    async def work_async(*, tx: int, rpc: Rpc) -> Any:
        return await rpc.inner() if fails == "nested" else ends()

    @pikku_sessionless_func(name="work")
    def work_sync(*, tx: int, rpc: SyncRpc) -> Any:
        return rpc.inner() if fails == "nested" else ends()

    def ends() -> object:
        if fails == "function":
            raise ConflictError
        return object()

    work: Callable[..., Any] = work_async if way == "async" else work_sync
    async with App(functions=[inner, work], services=[tx], threads=1) as app:

        async def fail() -> None:
            with suppress(ConflictError, InvalidResultError):
                await app.invoke("work")

        await fail()
        gc.collect()
        gc.disable()
        try:
            await fail()
            assert gc.collect() == 0
        finally:
            gc.enable()


async def test_an_error_of_the_teardown_is_the_answer() -> None:
    @pikku_service(scope="call")
    async def tx() -> AsyncIterator[int]:
        yield 1
        raise GoneError

    @pikku_sessionless_func
    async def work(*, tx: int) -> Done:
        return Done()

    async with App(functions=[work], services=[tx]) as app:
        with pytest.raises(GoneError):
            await app.invoke("work")


async def test_a_service_cannot_turn_a_failure_into_a_success() -> None:
    @pikku_service(scope="call")
    async def swallowing() -> AsyncIterator[int]:
        with suppress(ConflictError):
            yield 1

    @pikku_sessionless_func
    async def work(*, swallowing: int) -> None:
        raise ConflictError

    async with App(functions=[work], services=[swallowing]) as app:
        with pytest.raises(ConflictError):
            await app.invoke("work")


async def test_a_service_may_answer_with_another_error() -> None:
    @pikku_service(scope="call")
    async def translating() -> AsyncIterator[int]:
        try:
            yield 1
        except KeyError as error:
            raise GoneError from error

    @pikku_sessionless_func
    async def work(*, translating: int) -> None:
        raise KeyError("gone")

    async with App(functions=[work], services=[translating]) as app:
        with pytest.raises(GoneError) as caught:
            await app.invoke("work")
    assert isinstance(caught.value.__cause__, KeyError)


async def test_the_log_can_show_what_an_error_was_raised_over() -> None:
    @pikku_service(scope="call")
    async def tx() -> AsyncIterator[str]:
        yield "tx"

    @pikku_sessionless_func
    async def work(*, tx: str) -> Done:
        try:
            return Done(id=int("one"))
        except ValueError:
            raise ConflictError  # noqa: B904 -- this is what is tested

    async with App(functions=[work], services=[tx]) as app:
        with pytest.raises(ConflictError) as raised:
            await app.invoke("work")
    assert isinstance(raised.value.__context__, ValueError)
    assert not raised.value.__suppress_context__


async def test_they_are_opened_in_order_of_need_and_closed_in_reverse() -> None:
    seen: list[str] = []

    @pikku_service(scope="call")
    async def outer() -> AsyncIterator[str]:
        seen.append("outer opened")
        yield "outer"
        seen.append("outer closed")

    @pikku_service(scope="call")
    async def inner(*, outer: str) -> AsyncIterator[str]:
        seen.append(f"inner opened in {outer}")
        yield "inner"
        seen.append("inner closed")

    @pikku_sessionless_func
    async def work(*, inner: str, outer: str) -> None: ...

    async with App(functions=[work], services=[inner, outer]) as app:
        await app.invoke("work")
    assert seen == ["outer opened", "inner opened in outer", "inner closed", "outer closed"]


async def test_one_that_fails_to_open_is_thrown_into_those_that_are_open() -> None:
    seen: list[str] = []

    @pikku_service(scope="call")
    async def failing(*, tx: str) -> AsyncIterator[str]:
        if tx:
            raise GoneError
        yield ""

    @pikku_sessionless_func
    async def work(*, failing: str) -> None: ...

    async with App(functions=[work], services=[unit("tx", seen), failing]) as app:
        with pytest.raises(GoneError):
            await app.invoke("work")
    assert seen == ["tx opened", "tx rolled back for GoneError"]


async def test_one_that_fails_to_close_is_thrown_into_those_round_it() -> None:
    seen: list[str] = []

    @pikku_service(scope="call")
    async def failing(*, tx: str) -> AsyncIterator[str]:
        yield "failing"
        raise GoneError

    @pikku_sessionless_func
    async def work(*, failing: str) -> None: ...

    async with App(functions=[work], services=[unit("tx", seen), failing]) as app:
        with pytest.raises(GoneError):
            await app.invoke("work")
    assert seen == ["tx opened", "tx rolled back for GoneError"]


async def test_what_the_caller_has_open_is_shared_and_left_open() -> None:
    seen: list[str] = []

    @pikku_sessionless_func
    async def inner(*, tx: str) -> None:
        seen.append("inner works")

    @pikku_sessionless_func
    async def outer(*, tx: str, rpc: Rpc) -> None:
        await rpc.inner()
        seen.append("outer works")

    async with App(functions=[inner, outer], services=[unit("tx", seen)]) as app:
        await app.invoke("outer")
    assert seen == ["tx opened", "inner works", "outer works", "tx committed"]


async def test_without_one_of_the_caller_a_nested_call_has_its_own() -> None:
    seen: list[str] = []

    @pikku_sessionless_func
    async def inner(*, tx: str) -> None:
        seen.append("inner works")

    @pikku_sessionless_func
    async def outer(*, rpc: Rpc) -> None:
        await rpc.inner()
        await rpc.inner()

    async with App(functions=[inner, outer], services=[unit("tx", seen)]) as app:
        await app.invoke("outer")
    assert seen == ["tx opened", "inner works", "tx committed"] * 2


async def test_a_sqlite_transaction_of_a_sync_function_stays_in_one_thread() -> None:
    threads: set[int] = set()

    @pikku_service(scope="call")
    def connection() -> Iterator[sqlite3.Connection]:
        threads.add(threading.get_ident())
        opened = sqlite3.connect(":memory:")
        yield opened
        threads.add(threading.get_ident())
        opened.close()

    @pikku_sessionless_func
    def count(*, connection: sqlite3.Connection) -> int:
        threads.add(threading.get_ident())
        rows: list[tuple[int]] = connection.execute("select 7").fetchall()
        return rows[0][0]

    async with App(functions=[count], services=[connection]) as app:
        assert await app.invoke("count") == 7
    assert len(threads) == 1
    assert threading.get_ident() not in threads


async def test_a_sync_service_of_a_sync_function_rolls_back_too() -> None:
    seen: list[str] = []

    @pikku_service(scope="call")
    def tx() -> Iterator[int]:
        try:
            yield 1
        except ConflictError:
            seen.append("rolled back")
            raise
        seen.append("committed")

    @pikku_sessionless_func
    def work(*, tx: int) -> None:
        raise ConflictError

    async with App(functions=[work], services=[tx]) as app:
        with pytest.raises(ConflictError):
            await app.invoke("work")
    assert seen == ["rolled back"]


async def test_a_sync_function_may_have_an_async_service() -> None:
    seen: list[str] = []

    @pikku_sessionless_func
    def work(*, tx: str) -> str:
        return tx

    async with App(functions=[work], services=[unit("tx", seen)]) as app:
        assert await app.invoke("work") == "tx"
    assert seen == ["tx opened", "tx committed"]


async def test_an_async_function_may_have_a_sync_service() -> None:
    @pikku_service(scope="call")
    def tx() -> Iterator[int]:
        yield threading.get_ident()

    @pikku_sessionless_func
    async def work(*, tx: int) -> int:
        return tx

    async with App(functions=[work], services=[tx]) as app:
        assert await app.invoke("work") == threading.get_ident()


async def test_a_service_without_a_teardown_is_made_for_each_call() -> None:
    made: list[int] = []

    @pikku_service(scope="call")
    async def number() -> int:
        made.append(len(made))
        return made[-1]

    @pikku_sessionless_func
    async def work(*, number: int) -> int:
        return number

    async with App(functions=[work], services=[number]) as app:
        assert [await app.invoke("work"), await app.invoke("work")] == [0, 1]


async def test_a_circle_is_refused() -> None:
    @pikku_service(scope="call")
    async def hen(*, egg: int) -> int:
        return egg

    @pikku_service(scope="call")
    async def egg(*, hen: int) -> int:
        return hen

    @pikku_sessionless_func
    async def work(*, egg: int) -> None: ...

    with pytest.raises(DeclarationError, match='"egg" -> "hen" -> "egg"'):
        await App(functions=[work], services=[hen, egg]).start()
