"""Sync functions: one thread per outermost call, no deadlock however deep."""

from __future__ import annotations

import asyncio
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, ContextVar
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from pikku_core import (
    App,
    ConflictError,
    DeclarationError,
    Rpc,
    SyncRpc,
    pikku_permission,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_core.runtime.lane import Lane, Lanes, lane_here

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Iterator

pytestmark = pytest.mark.anyio

request_id: ContextVar[str] = ContextVar("request_id", default="")


@pikku_sessionless_func
def here() -> int:
    return threading.get_ident()


async def test_a_sync_function_runs_beside_the_loop() -> None:
    async with App(functions=[here]) as app:
        assert await app.invoke("here") != threading.get_ident()


async def test_a_sync_function_sees_the_context_variables_of_its_caller() -> None:
    @pikku_sessionless_func
    def which() -> str:
        return request_id.get()

    request_id.set("r1")
    async with App(functions=[which]) as app:
        assert await app.invoke("which") == "r1"


def test_a_sync_call_service_sets_context_variables_for_the_function() -> None:
    @pikku_service(scope="call")
    def unit() -> Iterator[int]:
        token = request_id.set("of the service")
        yield 1
        request_id.reset(token)

    @pikku_sessionless_func
    def which(*, unit: int) -> str:
        return request_id.get()

    async def invoke() -> str:
        async with App(functions=[which], services=[unit]) as app:
            found: str = await app.invoke("which")
        return found

    assert Context().run(asyncio.run, invoke()) == "of the service"


async def test_what_async_code_sets_in_between_is_seen_too() -> None:
    seen: list[str] = []

    @pikku_service(scope="call")
    def first() -> Iterator[int]:
        seen.append(request_id.get())
        yield 1

    @pikku_service(scope="call")
    async def second(*, first: int) -> AsyncIterator[int]:
        request_id.set("of the second")
        yield first

    @pikku_service(scope="call")
    def third(*, second: int) -> Iterator[int]:
        seen.append(request_id.get())
        request_id.set("of the third")
        yield second

    @pikku_sessionless_func
    def which(*, third: int) -> None:
        seen.append(request_id.get())

    request_id.set("of the caller")
    async with App(functions=[which], services=[first, second, third]) as app:
        await app.invoke("which")
    assert seen == ["of the caller", "of the second", "of the third"]


async def test_permission_service_and_function_share_the_thread() -> None:
    threads: list[int] = []

    @pikku_permission
    def allowed() -> bool:
        threads.append(threading.get_ident())
        return True

    @pikku_service(scope="call")
    def unit() -> Iterator[int]:
        threads.append(threading.get_ident())
        yield 1
        threads.append(threading.get_ident())

    @pikku_sessionless_func(permissions=[allowed])
    def work(*, unit: int) -> None:
        threads.append(threading.get_ident())

    async with App(functions=[work], services=[unit]) as app:
        await app.invoke("work")
    assert len(threads) == 4
    assert len(set(threads)) == 1


async def test_a_sync_function_calls_an_async_one() -> None:
    @pikku_sessionless_func
    async def double(data: int) -> int:
        await asyncio.sleep(0)
        return data * 2

    @pikku_sessionless_func
    def twice(data: int, *, rpc: SyncRpc) -> int:
        first: int = rpc.double(data)
        second: int = rpc.invoke("double", first)
        return second

    async with App(functions=[double, twice]) as app:
        assert await app.invoke("twice", 3) == 12


async def test_sync_calls_nested_at_the_limiters_capacity_run_in_the_callers_thread() -> None:
    threads: set[int] = set()

    @pikku_sessionless_func
    def down(data: int, *, rpc: SyncRpc) -> int:
        threads.add(threading.get_ident())
        if data == 0:
            return 0
        below: int = rpc.down(data - 1)
        return below + 1

    async with App(functions=[down], threads=1) as app:
        depths = await asyncio.gather(*(app.invoke("down", 10) for _ in range(3)))
    assert depths == [10, 10, 10]
    assert len(threads) == 1


async def test_sync_async_and_sync_again_need_one_thread() -> None:
    @pikku_sessionless_func
    async def between(*, rpc: Rpc) -> list[int]:
        # Both go to the one thread, which waits in `outer` for this function.
        calls: list[Awaitable[int]] = [rpc.here(), rpc.here()]
        return await asyncio.gather(*calls)

    @pikku_sessionless_func
    def outer(*, rpc: SyncRpc) -> list[int]:
        inner: list[int] = rpc.between()
        return [threading.get_ident(), *inner]

    async with App(functions=[here, between, outer], threads=1) as app:
        threads = await app.invoke("outer")
    assert len(set(threads)) == 1


async def test_an_error_of_a_nested_call_comes_back_to_the_sync_function() -> None:
    @pikku_sessionless_func
    async def failing() -> None:
        raise ConflictError("taken")

    @pikku_sessionless_func
    def careful(*, rpc: SyncRpc) -> str:
        try:
            rpc.failing()
        except ConflictError as error:
            return error.message
        return "nothing"

    async with App(functions=[failing, careful]) as app:
        assert await app.invoke("careful") == "taken"


async def test_a_thread_that_the_function_started_may_call_too() -> None:
    @pikku_sessionless_func
    def spawning(*, rpc: SyncRpc) -> list[int]:
        found: list[int] = []

        def call() -> None:
            found.append(rpc.here())

        threads = [threading.Thread(target=call) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    async with App(functions=[here, spawning], threads=3) as app:
        assert len(await app.invoke("spawning")) == 2


async def test_threads_of_a_function_do_not_wait_for_the_lane_that_it_holds() -> None:
    @pikku_sessionless_func
    async def between(*, rpc: Rpc) -> int:
        found: int = await rpc.here()
        return found

    @pikku_sessionless_func
    def spawning(*, rpc: SyncRpc) -> list[int]:
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(rpc.invoke, ["here", "between"]))

    async with App(functions=[here, between, spawning], threads=1) as app:
        calls: list[Awaitable[list[int]]] = [app.invoke("spawning") for _ in range(3)]
        assert [len(found) for found in await asyncio.gather(*calls)] == [2, 2, 2]


async def test_lanes_beyond_the_capacity_end_when_they_are_released() -> None:
    lanes = Lanes(1)
    first, second = await lanes.acquire(), await lanes.acquire(beyond=True)
    thread = await second.run(threading.current_thread)
    lanes.release(second)
    await asyncio.to_thread(thread.join)
    lanes.release(first)
    assert await lanes.acquire(beyond=True) is first
    lanes.release(first)
    await lanes.close()


async def test_an_exit_in_a_nested_call_is_the_callers_to_handle() -> None:
    @pikku_sessionless_func
    async def exiting() -> None:
        sys.exit(3)

    @pikku_sessionless_func
    def careful(*, rpc: SyncRpc) -> str:
        codes: list[object] = []

        def call() -> None:
            try:
                rpc.exiting()
            except SystemExit as end:
                codes.append(end.code)

        call()
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
        return f"exits with {codes}"

    async with App(functions=[exiting, careful]) as app:
        assert await app.invoke("careful") == "exits with [3, 3]"


async def test_an_rpc_that_outlives_its_call_says_so() -> None:
    kept: list[SyncRpc] = []

    @pikku_sessionless_func
    def keeping(*, rpc: SyncRpc) -> None:
        kept.append(rpc)

    async with App(functions=[here, keeping]) as app:
        await app.invoke("keeping")
        with pytest.raises(RuntimeError, match='the call of "keeping" has ended'):
            await asyncio.to_thread(kept[0].invoke, "here")


async def test_a_cancelled_call_waits_for_the_function_and_frees_its_thread() -> None:
    started, finish = threading.Event(), threading.Event()
    seen: list[str] = []

    @pikku_service(scope="call")
    def unit() -> Iterator[int]:
        try:
            yield 1
        except asyncio.CancelledError:
            seen.append("rolled back")
            raise
        seen.append("committed")

    @pikku_sessionless_func
    def slow(*, unit: int) -> None:
        started.set()
        finish.wait()
        seen.append("finished")

    async with App(functions=[slow, here], services=[unit], threads=1) as app:
        task = asyncio.create_task(app.invoke("slow"))
        await asyncio.to_thread(started.wait)
        task.cancel()
        waiting = asyncio.create_task(app.invoke("here"))
        await asyncio.sleep(0)
        assert not task.done()
        finish.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        await waiting
    assert seen == ["finished", "rolled back"]


async def test_cancelling_reaches_the_call_that_a_sync_function_waits_for() -> None:
    inside = asyncio.Event()
    seen: list[str] = []

    @pikku_sessionless_func
    async def forever() -> None:
        inside.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("inner cancelled")
            raise

    @pikku_sessionless_func
    def waiting(*, rpc: SyncRpc) -> None:
        rpc.forever()

    async with App(functions=[forever, waiting]) as app:
        task = asyncio.create_task(app.invoke("waiting"))
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert seen == ["inner cancelled"]


async def test_what_a_cancelled_sync_function_still_calls_does_not_begin() -> None:
    started, finish = threading.Event(), threading.Event()
    seen: list[str] = []

    @pikku_sessionless_func
    async def late() -> None:
        seen.append("began")

    @pikku_sessionless_func
    def calling(*, rpc: SyncRpc) -> None:
        started.set()
        finish.wait()
        rpc.late()

    async with App(functions=[late, calling]) as app:
        task = asyncio.create_task(app.invoke("calling"))
        await asyncio.to_thread(started.wait)
        task.cancel()
        await asyncio.sleep(0)
        finish.set()
        # A call that is made and never awaited would warn, which fails a test.
        with pytest.raises(asyncio.CancelledError):
            await task
    assert seen == []


async def test_a_sync_permission_of_an_async_function_cannot_block_on_rpc() -> None:
    @pikku_permission
    def asks(*, rpc: SyncRpc) -> bool:
        return True

    @pikku_sessionless_func(permissions=[asks])
    async def work() -> None: ...

    async with App(functions=[work]) as app:
        with pytest.raises(DeclarationError, match='asks" asks for "rpc"'):
            await app.invoke("work")


async def test_who_waits_for_a_lane_longest_gets_it_first() -> None:
    lanes = Lanes(1)
    first = await lanes.acquire()
    order: list[str] = []

    async def use(name: str) -> None:
        lane = await lanes.acquire()
        order.append(name)
        lanes.release(lane)

    tasks = [asyncio.create_task(use(name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    tasks[1].cancel()
    lanes.release(first)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == ["a", "c"]
    await lanes.close()


async def test_a_lane_given_to_who_was_cancelled_goes_to_the_next() -> None:
    lanes = Lanes(1)
    lane = await lanes.acquire()
    cancelled = asyncio.create_task(lanes.acquire())
    await asyncio.sleep(0)
    lanes.release(lane)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert await lanes.acquire() is lane
    lanes.release(lane)
    await lanes.close()


async def test_a_stop_iteration_of_sync_code_is_an_error_like_any_other() -> None:
    lane = Lane(asyncio.get_running_loop(), "test")

    def stops() -> Any:
        raise StopIteration

    with pytest.raises(RuntimeError, match="StopIteration"):
        await lane.run(stops)
    await lane.close()


async def test_a_generator_exit_of_sync_code_is_an_error_like_any_other() -> None:
    lane = Lane(asyncio.get_running_loop(), "test")

    def exits() -> Any:
        raise GeneratorExit

    with pytest.raises(RuntimeError, match="GeneratorExit"):
        await lane.run(exits)
    await lane.close()


async def test_stopping_the_app_ends_its_threads() -> None:
    before = threading.active_count()
    async with App(functions=[here]) as app:
        await asyncio.gather(*(app.invoke("here") for _ in range(5)))
    for thread in threading.enumerate():
        if thread.name.startswith("pikku-"):
            thread.join()
    assert threading.active_count() <= before


async def test_a_lane_that_is_released_after_the_app_has_stopped_ends() -> None:
    lanes = Lanes(1)
    lane = await lanes.acquire()
    await lanes.close()
    thread = await lane.run(threading.current_thread)
    lanes.release(lane)
    await asyncio.to_thread(thread.join)
    assert not thread.is_alive()


class Tree(BaseModel):
    """Calls that call each other."""

    kind: Literal["waits", "blocks"]
    below: list[Tree] = []

    def size(self) -> int:
        return 1 + sum(tree.size() for tree in self.below)


@pikku_sessionless_func
async def waits(data: Tree, *, rpc: Rpc) -> int:
    calls: list[Awaitable[int]] = [rpc.invoke(tree.kind, tree) for tree in data.below]
    return 1 + sum(await asyncio.gather(*calls))


@pikku_sessionless_func
def blocks(data: Tree, *, rpc: SyncRpc) -> int:
    sizes: list[int] = [rpc.invoke(tree.kind, tree) for tree in data.below]
    return 1 + sum(sizes)


def larger(below: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.builds(Tree, kind=KINDS, below=st.lists(below, max_size=3))


KINDS = st.sampled_from(["waits", "blocks"])
TREES = st.recursive(st.builds(Tree, kind=KINDS), larger, max_leaves=12)


@settings(max_examples=50, deadline=None)
@given(trees=st.lists(TREES, min_size=1, max_size=3), threads=st.integers(1, 2))
def test_calls_of_any_shape_end_at_any_capacity(trees: list[Tree], threads: int) -> None:
    async def sizes() -> list[int]:
        async with App(functions=[waits, blocks], threads=threads) as app:
            calls: list[Awaitable[int]] = [app.invoke(tree.kind, tree) for tree in trees]
            return await asyncio.gather(*calls)

    assert asyncio.run(sizes()) == [tree.size() for tree in trees]


async def test_a_thread_knows_the_lane_that_it_is_of() -> None:
    lane = Lane(asyncio.get_running_loop(), "here")
    assert lane_here() is None
    assert await lane.run(lane_here) is lane
    await lane.close()
