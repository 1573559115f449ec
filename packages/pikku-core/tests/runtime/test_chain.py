"""Middleware: order, the result through `next`, short cuts."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    ConflictError,
    DeclarationError,
    InternalError,
    InvalidResultError,
    Middleware,
    Next,
    Priority,
    Wire,
    global_middleware,
    pikku_middleware,
    pikku_service,
    pikku_sessionless_func,
    tag_middleware,
)
from pikku_core.runtime.chain import ordered

pytestmark = pytest.mark.anyio


class Greeting(BaseModel):
    text: str


def naming(name: str, seen: list[str], priority: Priority = Priority.MEDIUM) -> Middleware:
    @pikku_middleware(priority=priority)
    async def named(next: Next) -> Any:
        seen.append(name)
        return await next()

    return named


async def test_collected_from_the_outside_in() -> None:
    seen: list[str] = []
    own = naming("function", seen)

    @pikku_sessionless_func(tags=["greetings:polite"], middleware=[own])
    async def greet() -> Greeting:
        return Greeting(text="hello")

    declarations = [
        tag_middleware("greetings", [naming("broad tag", seen)]),
        tag_middleware("greetings:polite", [naming("near tag", seen)]),
        tag_middleware("other", [naming("other tag", seen)]),
        global_middleware([naming("global", seen)]),
    ]
    async with App(declarations, functions=[greet]) as app:
        plan = app.plan("greet", pattern_middleware=[naming("pattern", seen)])
        await plan.invoke(Wire("test", "greet"))
    assert seen == ["global", "pattern", "near tag", "broad tag", "function"]


async def test_priority_comes_before_the_order_of_declaration() -> None:
    seen: list[str] = []
    chain = [
        naming("low", seen, Priority.LOW),
        naming("first medium", seen),
        naming("highest", seen, Priority.HIGHEST),
        naming("second medium", seen),
    ]

    @pikku_sessionless_func(middleware=chain)
    async def greet() -> None: ...

    async with App(functions=[greet]) as app:
        await app.invoke("greet")
    assert seen == ["highest", "first medium", "second medium", "low"]


async def test_the_same_middleware_runs_once() -> None:
    seen: list[str] = []
    once = naming("once", seen)

    @pikku_sessionless_func(middleware=[once])
    async def greet() -> None: ...

    async with App([global_middleware([once])], functions=[greet]) as app:
        await app.invoke("greet")
    assert seen == ["once"]


def test_a_middleware_keeps_its_first_place() -> None:
    first, second = naming("first", []), naming("second", [])
    assert ordered([first, second, first]) == [first, second]


async def test_next_gives_the_result_of_the_function() -> None:
    results: list[Any] = []

    @pikku_middleware
    async def watch(next: Next) -> Any:
        results.append(await next())
        return results[-1]

    @pikku_sessionless_func(middleware=[watch])
    async def greet() -> Greeting:
        return Greeting(text="hello")

    async with App(functions=[greet]) as app:
        assert await app.invoke("greet") is results[0]


async def test_what_a_middleware_returns_instead_is_written() -> None:
    @pikku_middleware
    async def louder(next: Next) -> Any:
        greeting = await next()
        return Greeting(text=greeting.text.upper())

    @pikku_sessionless_func(middleware=[louder])
    async def greet() -> Greeting:
        return Greeting(text="hello")

    async with App(functions=[greet]) as app:
        plan = app.plan("greet", write=app.record("greet").result.write_json)
        assert await plan.invoke(Wire("test", "greet")) == b'{"text":"HELLO"}'


async def test_a_result_changed_in_place_leaves_as_the_function_returned_it() -> None:
    @pikku_middleware
    async def meddle(next: Next) -> Any:
        greeting = await next()
        greeting.text = "changed"
        return greeting

    @pikku_sessionless_func(middleware=[meddle])
    async def greet() -> Greeting:
        return Greeting(text="hello")

    async with App(functions=[greet]) as app:
        plan = app.plan("greet", write=app.record("greet").result.write_json)
        assert await plan.invoke(Wire("test", "greet")) == b'{"text":"hello"}'


async def test_a_middleware_that_does_not_go_on_answers_itself() -> None:
    @pikku_middleware
    async def cached(next: Next) -> Any:
        return Greeting(text="from the cache")

    @pikku_sessionless_func(middleware=[cached])
    async def greet() -> Greeting:
        raise AssertionError("never called")

    async with App(functions=[greet]) as app:
        assert await app.invoke("greet") == Greeting(text="from the cache")


async def test_what_a_middleware_returns_must_fit_the_return_type() -> None:
    @pikku_middleware
    async def wrong(next: Next) -> Any:
        return {"secret": 1}

    @pikku_sessionless_func(middleware=[wrong])
    async def greet() -> Greeting:
        return Greeting(text="hello")

    async with App(functions=[greet]) as app:
        with pytest.raises(InvalidResultError):
            await app.invoke("greet")


async def test_calling_next_twice_is_an_error_and_runs_nothing_twice() -> None:
    calls: list[int] = []

    @pikku_middleware
    async def twice(next: Next) -> Any:
        await next()
        return await next()

    @pikku_sessionless_func(middleware=[twice, naming("inner", [])])
    async def greet() -> None:
        calls.append(1)

    async with App(functions=[greet]) as app:
        with pytest.raises(InternalError, match="twice"):
            await app.invoke("greet")
    assert calls == [1]


async def test_a_middleware_may_answer_an_error_of_the_function() -> None:
    @pikku_middleware
    async def forgiving(next: Next) -> Any:
        try:
            return await next()
        except ConflictError:
            return Greeting(text="again")

    @pikku_sessionless_func(middleware=[forgiving])
    async def greet() -> Greeting:
        raise ConflictError

    async with App(functions=[greet]) as app:
        assert await app.invoke("greet") == Greeting(text="again")


async def test_middleware_is_given_singleton_services() -> None:
    @pikku_service
    async def clock() -> int:
        return 12

    @pikku_middleware
    async def timed(next: Next, *, clock: int) -> Any:
        await next()
        return clock

    @pikku_sessionless_func(middleware=[timed])
    async def now() -> int:
        return 0

    async with App(functions=[now], services=[clock]) as app:
        assert await app.invoke("now") == 12


async def test_middleware_may_not_ask_for_a_call_service() -> None:
    @pikku_service(scope="call")
    async def transaction() -> int:
        return 1

    @pikku_middleware
    async def eager(next: Next, *, transaction: int) -> Any:
        return await next()

    @pikku_sessionless_func(middleware=[eager])
    async def greet() -> None: ...

    async with App(functions=[greet], services=[transaction]) as app:
        with pytest.raises(
            DeclarationError, match=r'middleware ".*eager" asks for .* "transaction"'
        ):
            await app.invoke("greet")


async def test_sync_middleware_is_refused() -> None:
    @pikku_middleware
    def blocking(next: Next) -> Any:
        return next()

    @pikku_sessionless_func(middleware=[blocking])
    async def greet() -> None: ...

    async with App(functions=[greet]) as app:
        with pytest.raises(DeclarationError, match='blocking" is not an async function of "next"'):
            await app.invoke("greet")
