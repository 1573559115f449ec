"""What holds when serving ends, and when callers leave."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pikku_core import pikku_service, pikku_sessionless_func
from pikku_core.testing.conformance.event_loop import in_event_loop
from pikku_core.testing.conformance.harness import Call, Number, TransportHarness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class LifecycleConformance(TransportHarness):
    """What holds when serving ends, and when callers leave."""

    @in_event_loop
    async def test_what_is_being_answered_when_serving_ends_is_answered(self) -> None:
        started, let_go, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
        steps: list[str] = []

        @pikku_service
        async def database() -> AsyncIterator[str]:
            yield "row"
            steps.append("service stopped")

        @pikku_sessionless_func
        async def slow(*, database: str) -> str:
            started.set()
            await let_go.wait()
            steps.append("function done")
            return database

        calling: asyncio.Future[Call] = asyncio.get_running_loop().create_future()

        async def serve() -> None:
            async with self.running(self.wire("slow", slow), services=[database]) as call:
                calling.set_result(call)
                await stop.wait()

        serving = asyncio.create_task(serve())
        waited_for: set[asyncio.Future[Any]] = {serving, calling}
        await asyncio.wait(waited_for, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
        call = await calling
        answering = asyncio.create_task(call("slow"))
        await started.wait()
        stop.set()
        # The longer it waits, the further the end has come; a transport that waits for its calls passes at any time.
        waited_for = {serving, answering}
        await asyncio.wait(waited_for, timeout=0.2)
        let_go.set()
        await asyncio.wait(waited_for)
        assert not answering.cancelled()
        assert answering.result().value == "row"
        serving.result()
        assert steps == ["function done", "service stopped"]

    @in_event_loop
    async def test_a_caller_that_leaves_leaves_nothing_open(self) -> None:
        started, let_go, closed = asyncio.Event(), asyncio.Event(), asyncio.Event()

        @pikku_service(scope="call")
        async def unit() -> AsyncIterator[str]:
            try:
                yield "unit"
            finally:
                closed.set()

        @pikku_sessionless_func
        async def slow(*, unit: str) -> str:
            started.set()
            await let_go.wait()
            return unit

        @pikku_sessionless_func
        async def quick() -> Number:
            return Number(value=1)

        async with self.running(
            self.wire("slow", slow), self.wire("quick", quick), services=[unit]
        ) as call:
            leaving = asyncio.create_task(call("slow"))
            await started.wait()
            leaving.cancel()
            with suppress(asyncio.CancelledError):
                await leaving
            let_go.set()
            await closed.wait()
            assert (await call("quick")).value["value"] == 1

    @in_event_loop
    async def test_many_calls_at_the_same_time_are_each_answered_with_their_own(self) -> None:
        waiting = 0
        everybody = asyncio.Event()

        @pikku_sessionless_func
        async def echo(data: Number) -> Number:
            nonlocal waiting
            waiting += 1
            if waiting == 50:
                everybody.set()
            await everybody.wait()
            return data

        async with self.running(self.wire("echo", echo)) as call:
            answers = await asyncio.gather(*(call("echo", {"value": each}) for each in range(50)))
        assert [answer.value["value"] for answer in answers] == list(range(50))
