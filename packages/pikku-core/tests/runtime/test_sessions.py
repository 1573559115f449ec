"""The wire thing `sessions`: set by middleware, then settled."""

from __future__ import annotations

from typing import Any

import pytest

from pikku_core import (
    App,
    Next,
    Rpc,
    Sessions,
    UnauthorizedError,
    Wire,
    global_middleware,
    pikku_func,
    pikku_middleware,
    pikku_sessionless_func,
)

pytestmark = pytest.mark.anyio


@pikku_middleware
async def authenticate(next: Next, *, sessions: Sessions[str]) -> Any:
    if sessions.current is None:
        sessions.set("ada")
    return await next()


@pikku_func
async def who(*, session: str) -> str:
    return session


async def test_middleware_says_who_calls() -> None:
    async with App([global_middleware([authenticate])], functions=[who]) as app:
        assert await app.invoke("who") == "ada"
        assert await app.invoke("who", session="bob") == "bob"


async def test_a_session_set_by_middleware_is_no_change() -> None:
    changes: list[bool] = []

    @pikku_middleware
    async def storing(next: Next, *, sessions: Sessions[str]) -> Any:
        result = await next()
        changes.append(sessions.changed)
        return result

    async with App([global_middleware([storing, authenticate])], functions=[who]) as app:
        await app.invoke("who")
    assert changes == [False]


async def test_a_function_changes_what_the_caller_will_be_next_time() -> None:
    seen: list[Any] = []

    @pikku_middleware
    async def storing(next: Next, *, sessions: Sessions[str]) -> Any:
        result = await next()
        seen.extend([sessions.changed, sessions.current])
        return result

    @pikku_sessionless_func
    async def login(*, sessions: Sessions[str], wire: Wire) -> None:
        sessions.set("ada")
        seen.extend([wire.session, sessions.current])

    async with App([global_middleware([storing])], functions=[login]) as app:
        await app.invoke("login")
    assert seen == [None, "ada", True, "ada"]


async def test_a_function_clears_the_session() -> None:
    seen: list[Any] = []

    @pikku_middleware
    async def storing(next: Next, *, sessions: Sessions[str]) -> Any:
        result = await next()
        seen.extend([sessions.changed, sessions.current])
        return result

    @pikku_func
    async def logout(*, sessions: Sessions[str]) -> None:
        sessions.clear()

    async with App([global_middleware([storing])], functions=[logout]) as app:
        await app.invoke("logout", session="ada")
    assert seen == [True, None]


async def test_a_change_in_a_nested_call_reaches_the_outermost() -> None:
    seen: list[Any] = []

    @pikku_middleware
    async def storing(next: Next, *, sessions: Sessions[str], wire: Wire) -> Any:
        result = await next()
        if wire.depth == 0:
            seen.extend([sessions.changed, sessions.current])
        return result

    @pikku_sessionless_func
    async def login(*, sessions: Sessions[str]) -> None:
        sessions.set("ada")

    @pikku_sessionless_func
    async def outer(*, rpc: Rpc) -> None:
        await rpc.login()

    async with App([global_middleware([storing])], functions=[login, outer]) as app:
        await app.invoke("outer")
    assert seen == [True, "ada"]


async def test_authenticating_again_in_a_nested_call_is_no_change() -> None:
    changes: list[bool] = []

    @pikku_middleware
    async def always(next: Next, *, sessions: Sessions[str]) -> Any:
        sessions.set("ada")
        result = await next()
        changes.append(sessions.changed)
        return result

    @pikku_sessionless_func
    async def outer(*, rpc: Rpc) -> str:
        name: str = await rpc.who()
        return name

    async with App([global_middleware([always])], functions=[who, outer]) as app:
        assert await app.invoke("outer") == "ada"
    assert changes == [False, False]


async def test_the_first_session_wins_where_the_second_asks() -> None:
    @pikku_middleware
    async def other(next: Next, *, sessions: Sessions[str]) -> Any:
        if sessions.current is None:
            sessions.set("eve")
        return await next()

    async with App([global_middleware([authenticate, other])], functions=[who]) as app:
        assert await app.invoke("who") == "ada"


async def test_middleware_that_calls_another_function_is_known_there() -> None:
    @pikku_middleware
    async def asking(next: Next, *, rpc: Rpc, wire: Wire) -> Any:
        return await rpc.who() if wire.depth == 0 else await next()

    @pikku_sessionless_func(middleware=[authenticate, asking])
    async def outer() -> str:
        return "never called"

    async with App(functions=[who, outer]) as app:
        assert await app.invoke("outer") == "ada"


async def test_an_optional_session_is_none_for_who_has_none() -> None:
    @pikku_sessionless_func
    async def greet(*, session: str | None = None) -> str:
        return f"hello {session}"

    async with App(functions=[greet]) as app:
        assert await app.invoke("greet") == "hello None"
        assert await app.invoke("greet", session="ada") == "hello ada"


async def test_a_session_that_something_cannot_do_without_is_asked_for() -> None:
    @pikku_sessionless_func
    async def greet(*, session: str) -> str:
        return session

    async with App(functions=[greet]) as app:
        with pytest.raises(UnauthorizedError):
            await app.invoke("greet")
