"""Who calls, where no function is called."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from pikku_core import (
    App,
    Next,
    Sessions,
    UnauthorizedError,
    Wire,
    global_middleware,
    pikku_middleware,
)

pytestmark = pytest.mark.anyio


class LineWire(Wire):
    kind: ClassVar[str] = "line"


@pikku_middleware
async def ada(next: Next, *, sessions: Sessions[str]) -> Any:
    sessions.set("ada")
    return await next()


@pikku_middleware
async def shout(next: Next, *, sessions: Sessions[str]) -> Any:
    sessions.set(str(sessions.current).upper())
    return await next()


@pikku_middleware
async def refuse(next: Next) -> Any:
    raise UnauthorizedError


async def test_global_middleware_says_who_calls_and_then_that_of_the_transport() -> None:
    async with App([global_middleware([ada])]) as app:
        find = app.caller(LineWire, [shout])
        assert find is not None
        wire = LineWire("line:caller", "")
        assert (await find(wire), wire.session) == ("ADA", "ADA")


async def test_what_middleware_raises_is_raised() -> None:
    async with App() as app:
        find = app.caller(LineWire, [refuse])
        assert find is not None
        with pytest.raises(UnauthorizedError):
            await find(LineWire("line:caller", ""))


async def test_without_middleware_nobody_can_be_known() -> None:
    async with App() as app:
        assert app.caller(LineWire) is None


async def test_things_of_a_scope_are_what_the_app_was_given() -> None:
    assert App().scope_things == {}
    given = {"http": "pikku_http:Http"}
    assert App(scope_things=given).scope_things == given
