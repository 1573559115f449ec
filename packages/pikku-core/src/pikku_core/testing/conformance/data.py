"""How data goes in, and results and errors come out."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from pikku_core import (
    ConflictError,
    FunctionNotFoundError,
    InternalError,
    pikku_sessionless_func,
)
from pikku_core.testing.conformance.event_loop import in_event_loop
from pikku_core.testing.conformance.harness import Number, TransportHarness


@pikku_sessionless_func
async def double(data: Number) -> Number:
    """Answers data with data."""
    return Number(value=2 * data.value, label=data.label)


@pikku_sessionless_func
async def seven() -> Number:
    """Takes no data."""
    return Number(value=7)


@pikku_sessionless_func
async def optional(data: Number = Number(value=3)) -> Number:  # noqa: B008 -- a default of the data, never changed
    """Takes data, or none."""
    return data


@pikku_sessionless_func
async def leaking() -> Number:
    """Returns more than it declares."""
    result: Any = {"value": 1, "label": "shown", "password": "hidden-7391"}
    return result  # type: ignore[no-any-return]  # what a careless function returns


@pikku_sessionless_func
async def wrong() -> Number:
    """Returns something else than it declares."""
    result: Any = {"value": "hidden-7391"}
    return result  # type: ignore[no-any-return]  # what a broken function returns


@pikku_sessionless_func
async def conflicting() -> Number:
    """Ends in an error that callers see."""
    raise ConflictError("The name is taken.", payload={"name": "ada"})


@pikku_sessionless_func
async def broken() -> Number:
    """Ends in an error that nobody meant."""
    raise RuntimeError("hidden-7391")


@pikku_sessionless_func
async def internal() -> Number:
    """Ends in an error that is for the log alone."""
    raise InternalError("hidden-7391")


class DataConformance(TransportHarness):
    """How data goes in, and results and errors come out."""

    @in_event_loop
    async def test_data_reaches_the_function_and_its_result_the_caller(self) -> None:
        async with self.running(self.wire("double", double)) as call:
            answer = await call("double", {"value": 21, "label": 'ünï\n"code"'})
        assert answer.code == ""
        assert answer.value == {"value": 42, "label": 'ünï\n"code"'}

    @in_event_loop
    async def test_a_function_without_data_is_called_without_any(self) -> None:
        async with self.running(self.wire("seven", seven)) as call:
            assert (await call("seven")).value == {"value": 7, "label": "none"}

    @in_event_loop
    async def test_data_with_a_default_may_be_left_out(self) -> None:
        async with self.running(self.wire("optional", optional)) as call:
            assert (await call("optional")).value["value"] == 3
            assert (await call("optional", {"value": 4})).value["value"] == 4

    @in_event_loop
    async def test_data_that_does_not_fit_is_refused_and_the_field_named(self) -> None:
        async with self.running(self.wire("double", double)) as call:
            for data, location in (
                ({"value": "many"}, ("value",)),
                ({"label": "x"}, ("value",)),
                ({"value": 1, "label": [1]}, ("label",)),
            ):
                answer = await call("double", data)
                assert answer.code == "invalid_data"
                assert location in answer.locations

    @in_event_loop
    async def test_data_that_is_missing_is_refused(self) -> None:
        async with self.running(self.wire("double", double)) as call:
            assert (await call("double")).code == "invalid_data"

    @in_event_loop
    async def test_nothing_undeclared_leaves(self) -> None:
        async with self.running(self.wire("leaking", leaking)) as call:
            answer = await call("leaking")
        assert answer.value == {"value": 1, "label": "shown"}
        assert "hidden-7391" not in answer.text

    @in_event_loop
    async def test_a_result_that_does_not_fit_is_an_internal_error_that_shows_nothing(self) -> None:
        async with self.running(self.wire("wrong", wrong)) as call:
            answer = await call("wrong")
        assert answer.code in {"internal_error", "invalid_result"}
        assert "hidden-7391" not in answer.text

    @in_event_loop
    async def test_an_error_for_callers_has_its_code_and_message(self) -> None:
        async with self.running(self.wire("conflicting", conflicting)) as call:
            answer = await call("conflicting")
        assert (answer.code, answer.message) == ("conflict", "The name is taken.")
        assert "ada" in answer.text

    @in_event_loop
    async def test_any_other_error_shows_nothing_of_itself(self) -> None:
        async with self.running(
            self.wire("broken", broken), self.wire("internal", internal)
        ) as call:
            for name in ("broken", "internal"):
                answer = await call(name)
                assert answer.code == "internal_error"
                assert "hidden-7391" not in answer.text
                assert "RuntimeError" not in answer.text

    @in_event_loop
    async def test_a_call_after_one_that_failed_is_answered(self) -> None:
        async with self.running(self.wire("broken", broken), self.wire("double", double)) as call:
            await call("broken")
            await call("double", {"value": "many"})
            assert (await call("double", {"value": 1})).value["value"] == 2

    @in_event_loop
    async def test_what_nobody_wired_is_not_found(self) -> None:
        async with self.running(self.wire("double", double)) as call:
            assert (await call("nothing")).code in {"not_found", FunctionNotFoundError.code}

    @in_event_loop
    async def test_a_sync_function_does_not_block_the_others(self) -> None:
        let_go, started = threading.Event(), threading.Event()

        @pikku_sessionless_func
        def waiting() -> Number:
            started.set()
            assert let_go.wait(5)
            return Number(value=1)

        @pikku_sessionless_func
        async def release() -> Number:
            assert await asyncio.to_thread(started.wait, 5)
            let_go.set()
            return Number(value=2)

        async with self.running(
            self.wire("waiting", waiting), self.wire("release", release)
        ) as call:
            answers = await asyncio.gather(call("waiting"), call("release"))
        assert [answer.value["value"] for answer in answers] == [1, 2]
