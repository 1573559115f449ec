"""Streams: everything that surrounds a function surrounds its items."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import (  # noqa: TC003 -- an App built by hand reads annotations
    AsyncIterator,
    Iterator,
)
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import pytest

from pikku_core import (
    App,
    ConflictError,
    ForbiddenError,
    InternalError,
    InvalidResultError,
    Next,
    UnauthorizedError,
    pikku_func,
    pikku_middleware,
    pikku_permission,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_core.wire import Wire

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

pytestmark = pytest.mark.anyio


class PlainWire(Wire):
    __slots__ = ()


class Reader:
    """Takes the items of a stream.

    Args:
        stop: After how many items it waits for ever.
    """

    def __init__(self, stop: int | None = None) -> None:
        self.items: list[Any] = []
        self.is_full = asyncio.Event()
        self._stop = stop

    async def emit(self, _: Wire, item: Any) -> None:
        self.items.append(item)
        if len(self.items) == self._stop:
            self.is_full.set()
            await asyncio.Event().wait()


@asynccontextmanager
async def running(
    func: Callable[..., Any], reader: Reader, **options: Any
) -> AsyncGenerator[Callable[[], Awaitable[Any]]]:
    """Runs an App and gives what invokes the function."""
    async with App(functions=[func], **options) as app:
        plan = app.plan(func.__name__, wire=PlainWire, emit=reader.emit)
        assert plan.direct is None

        def invoke() -> Awaitable[Any]:
            return plan.invoke(PlainWire("plain:count", func.__name__))

        yield invoke


@pikku_sessionless_func
async def count() -> AsyncIterator[int]:
    for number in range(3):
        yield number


@pikku_sessionless_func
def count_in_thread() -> Iterator[int]:
    for _ in range(3):
        yield threading.get_ident()


def telling(seen: list[str]) -> Callable[..., Any]:
    """A call service that says how the stream ended."""

    @pikku_service(name="tx", scope="call")
    async def tx() -> AsyncIterator[str]:
        try:
            yield "tx"
        except BaseException as error:
            seen.append(f"rolled back for {type(error).__name__}")
            raise
        seen.append("committed")

    return tx


async def test_items_are_sent_one_by_one() -> None:
    reader = Reader()
    async with running(count, reader) as invoke:
        assert await invoke() is None
    assert reader.items == [0, 1, 2]


async def test_a_generator_function_stays_in_one_thread_that_is_not_the_loops() -> None:
    reader = Reader()
    async with running(count_in_thread, reader) as invoke:
        await invoke()
    assert len(set(reader.items)) == 1
    assert threading.get_ident() not in reader.items


async def test_the_next_item_waits_for_the_one_before() -> None:
    made, reader = list[int](), Reader(stop=2)

    @pikku_sessionless_func
    async def make() -> AsyncIterator[int]:
        for number in range(9):
            made.append(number)
            yield number

    async with running(make, reader) as invoke:
        task = asyncio.ensure_future(invoke())
        await reader.is_full.wait()
        task.cancel()
        await asyncio.wait({task})
    assert made == [0, 1]


async def test_call_services_are_closed_after_the_last_item() -> None:
    seen = list[str]()

    @pikku_sessionless_func
    async def work(*, tx: str) -> AsyncIterator[int]:
        yield 1
        seen.append(f"worked in {tx}")

    async with running(work, Reader(), services=[telling(seen)]) as invoke:
        await invoke()
    assert seen == ["worked in tx", "committed"]


async def test_who_leaves_ends_the_generator_and_then_its_services() -> None:
    seen, reader = list[str](), Reader(stop=1)

    @pikku_sessionless_func
    async def work(*, tx: str) -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            seen.append(f"ended in {tx}")

    async with running(work, reader, services=[telling(seen)]) as invoke:
        task = asyncio.ensure_future(invoke())
        await reader.is_full.wait()
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
    assert seen == ["ended in tx", "rolled back for CancelledError"]


async def test_who_leaves_ends_a_generator_in_its_thread() -> None:
    seen, reader = list[Any](), Reader(stop=1)

    @pikku_sessionless_func
    def work(*, tx: str) -> Iterator[int]:
        try:
            yield threading.get_ident()
        finally:
            seen.append(threading.get_ident())

    async with running(work, reader, services=[telling(seen)]) as invoke:
        task = asyncio.ensure_future(invoke())
        await reader.is_full.wait()
        task.cancel()
        await asyncio.wait({task})
    assert seen == [reader.items[0], "rolled back for CancelledError"]


async def test_an_error_between_items_ends_the_invocation_in_it() -> None:
    seen, reader = list[str](), Reader()

    @pikku_sessionless_func
    async def work(*, tx: str) -> AsyncIterator[int]:
        yield 1
        raise ConflictError

    async with running(work, reader, services=[telling(seen)]) as invoke:
        with pytest.raises(ConflictError):
            await invoke()
    assert (reader.items, seen) == ([1], ["rolled back for ConflictError"])


async def test_an_item_that_does_not_fit_ends_the_generator() -> None:
    seen, reader = list[str](), Reader()

    @pikku_sessionless_func
    async def work() -> AsyncIterator[int]:
        try:
            yield cast("int", "one")
        finally:
            seen.append("ended")

    async with running(work, reader) as invoke:
        with pytest.raises(InvalidResultError):
            await invoke()
    assert (reader.items, seen) == ([], ["ended"])


async def test_a_stream_needs_the_session_that_its_function_needs() -> None:
    @pikku_func
    async def mine() -> AsyncIterator[int]:
        yield 1

    reader = Reader()
    async with running(mine, reader) as invoke:
        with pytest.raises(UnauthorizedError):
            await invoke()
    assert reader.items == []


@pytest.mark.parametrize("kind", ["async", "sync"])
async def test_permissions_come_before_the_first_item(kind: str) -> None:
    @pikku_permission
    async def never() -> bool:
        return False

    @pikku_sessionless_func(permissions=[never])
    async def loop() -> AsyncIterator[int]:
        yield 1

    @pikku_sessionless_func(permissions=[never])
    def lane() -> Iterator[int]:
        yield 1

    reader = Reader()
    async with running(loop if kind == "async" else lane, reader) as invoke:
        with pytest.raises(ForbiddenError):
            await invoke()
    assert reader.items == []


async def test_middleware_gets_back_after_the_last_item() -> None:
    seen, reader = list[Any](), Reader()

    @pikku_middleware
    async def watching(next: Next) -> Any:
        seen.append(list(reader.items))
        result = await next()
        seen.append(list(reader.items))
        return result

    @pikku_sessionless_func(middleware=[watching])
    async def work() -> AsyncIterator[int]:
        yield 1

    async with running(work, reader) as invoke:
        await invoke()
    assert seen == [[], [1]]


async def test_middleware_cannot_answer_in_place_of_a_stream() -> None:
    @pikku_middleware
    async def replacing(next: Next) -> Any:
        await next()
        return "something else"

    @pikku_sessionless_func(middleware=[replacing])
    async def work() -> AsyncIterator[int]:
        yield 1

    async with running(work, Reader()) as invoke:
        with pytest.raises(InternalError, match='"work" answers with a result of its own'):
            await invoke()
