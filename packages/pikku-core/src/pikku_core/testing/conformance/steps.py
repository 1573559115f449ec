"""The steps of an invocation and their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core import (
    ConflictError,
    Next,
    global_middleware,
    pikku_func,
    pikku_middleware,
    pikku_permission,
    pikku_service,
    pikku_sessionless_func,
    tag_middleware,
)
from pikku_core.testing.conformance.event_loop import in_event_loop
from pikku_core.testing.conformance.harness import Caller, Number, TransportHarness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Steps:
    """An application whose parts note when they run."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def middleware(self, name: str) -> Any:
        """A middleware that notes when it is entered and left."""

        @pikku_middleware
        async def around(next: Next) -> Any:
            self.taken.append(f"{name} in")
            try:
                return await next()
            finally:
                self.taken.append(f"{name} out")

        return around

    def permission(self) -> Any:
        """A permission that passes."""

        @pikku_permission
        async def asked(data: Number) -> bool:
            self.taken.append(f"permission for {data.value}")
            return True

        return asked

    def unit(self) -> Any:
        """A call service that notes how it ends."""

        @pikku_service(scope="call")
        async def unit() -> AsyncIterator[str]:
            self.taken.append("opened")
            try:
                yield "unit"
            except Exception as error:
                self.taken.append(f"rolled back by {type(error).__name__}")
                raise
            self.taken.append("closed")

        return unit


class StepsConformance(TransportHarness):
    """The steps of an invocation and their order."""

    @in_event_loop
    async def test_every_step_has_its_place(self) -> None:
        steps = Steps()

        @pikku_func(permissions=[steps.permission()], middleware=[steps.middleware("function")])
        async def place(data: Number, *, unit: str) -> Number:
            steps.taken.append(f"function with {unit}")
            return data

        async with self.running(
            self.wire("place", place, middleware=[steps.middleware("wiring")], tags=["tagged"]),
            tag_middleware("tagged", [steps.middleware("tag")]),
            global_middleware([steps.middleware("global")]),
            services=[steps.unit()],
        ) as call:
            answer = await call("place", {"value": 1}, caller=Caller("ada"))
        assert answer.value == {"value": 1, "label": "none"}
        assert steps.taken == [
            "global in",
            "tag in",
            "wiring in",
            "function in",
            "permission for 1",
            "opened",
            "function with unit",
            "closed",
            "function out",
            "wiring out",
            "tag out",
            "global out",
        ]

    @in_event_loop
    async def test_data_is_looked_at_only_when_the_caller_may_call(self) -> None:
        @pikku_func(scopes=["notes"])
        async def closed(data: Number) -> Number:
            return data

        async with self.running(self.wire("closed", closed)) as call:
            assert (await call("closed", {"value": "x"})).code == "unauthorized"
            refused = await call("closed", {"value": "x"}, caller=Caller("ada"))
            assert refused.code == "missing_scope"
            allowed = Caller("ada", ("notes",))
            assert (await call("closed", {"value": "x"}, caller=allowed)).code == "invalid_data"

    @in_event_loop
    async def test_what_is_refused_opens_no_service_and_asks_no_permission(self) -> None:
        steps = Steps()

        @pikku_func(permissions=[steps.permission()])
        async def closed(data: Number, *, unit: str) -> Number:
            steps.taken.append(unit)
            return data

        async with self.running(self.wire("closed", closed), services=[steps.unit()]) as call:
            await call("closed", {"value": 1})
            await call("closed", {"value": "x"}, caller=Caller("ada"))
        assert steps.taken == []

    @in_event_loop
    async def test_middleware_may_answer_itself(self) -> None:
        steps = Steps()

        @pikku_middleware
        async def cached(next: Next) -> Any:  # noqa: ARG001 -- it does not go on
            return Number(value=0, label="cached")

        @pikku_sessionless_func(middleware=[steps.middleware("inner")])
        async def slow(data: Number) -> Number:
            return data

        async with self.running(self.wire("slow", slow, middleware=[cached])) as call:
            assert (await call("slow", {"value": 1})).value == {"value": 0, "label": "cached"}
        assert steps.taken == []

    @in_event_loop
    async def test_middleware_may_change_the_result_and_an_error(self) -> None:
        @pikku_middleware
        async def changing(next: Next) -> Any:
            try:
                result = await next()
            except LookupError:
                raise ConflictError("Changed.") from None
            return Number(value=result.value + 1)

        @pikku_sessionless_func
        async def maybe(data: Number) -> Number:
            if data.value < 0:
                raise LookupError
            return data

        async with self.running(self.wire("maybe", maybe, middleware=[changing])) as call:
            assert (await call("maybe", {"value": 1})).value["value"] == 2
            answer = await call("maybe", {"value": -1})
        assert (answer.code, answer.message) == ("conflict", "Changed.")

    @in_event_loop
    async def test_a_call_service_is_told_of_the_error(self) -> None:
        steps = Steps()

        @pikku_sessionless_func
        async def failing(*, unit: str) -> None:
            raise ConflictError(unit)

        async with self.running(self.wire("failing", failing), services=[steps.unit()]) as call:
            assert (await call("failing")).code == "conflict"
        assert steps.taken == ["opened", "rolled back by ConflictError"]

    @in_event_loop
    async def test_a_result_that_does_not_fit_is_not_committed(self) -> None:
        steps = Steps()

        @pikku_sessionless_func
        async def wrong(*, unit: str) -> Number:
            result: Any = unit
            return result  # type: ignore[no-any-return]  # what a broken function returns

        async with self.running(self.wire("wrong", wrong), services=[steps.unit()]) as call:
            assert (await call("wrong")).code in {"internal_error", "invalid_result"}
        assert steps.taken == ["opened", "rolled back by InvalidResultError"]

    @in_event_loop
    async def test_a_teardown_that_raises_is_the_answer(self) -> None:
        @pikku_service(scope="call")
        async def unit() -> AsyncIterator[str]:
            yield "unit"
            raise ConflictError("Not committed.")

        @pikku_sessionless_func
        async def using(*, unit: str) -> str:
            return unit

        async with self.running(self.wire("using", using), services=[unit]) as call:
            answer = await call("using")
        assert (answer.code, answer.message) == ("conflict", "Not committed.")
