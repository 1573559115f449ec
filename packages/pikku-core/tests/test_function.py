"""`pikku_func`, `pikku_sessionless_func`, and what they leave on a function."""

from __future__ import annotations

import dataclasses

import pytest

from pikku_core import (
    DeclarationError,
    pikku_func,
    pikku_middleware,
    pikku_permission,
    pikku_sessionless_func,
)
from pikku_core.declaration import config_of
from pikku_core.function import FunctionConfig


async def place(data: int) -> int:
    return data


def test_the_function_itself_is_returned() -> None:
    assert pikku_func(place) is place
    assert pikku_sessionless_func(title="Place an order")(place) is place


def test_a_bare_decorator_asks_for_a_session() -> None:
    @pikku_func
    async def bound() -> None: ...

    @pikku_sessionless_func
    async def free() -> None: ...

    assert config_of(bound) == FunctionConfig(needs_session=True)
    assert config_of(free) == FunctionConfig(needs_session=False)


def test_one_string_is_no_list_of_names() -> None:
    with pytest.raises(DeclarationError, match=r'"tags" must be a list of names: \["admin"\]'):
        pikku_sessionless_func(tags="admin")
    with pytest.raises(DeclarationError, match='"scopes" must be a list'):
        pikku_func(scopes="admin")


def test_options_are_kept_frozen() -> None:
    @pikku_permission
    async def allowed() -> bool:
        return True

    @pikku_middleware
    async def around(next: object) -> object:
        return next

    @pikku_func(
        name="orders.place",
        title="Place an order",
        description="Places it.",
        tags=["orders"],
        expose=True,
        readonly=True,
        scopes=["orders:write"],
        permissions=[allowed],
        middleware=[around],
    )
    async def decorated() -> None: ...

    assert config_of(decorated) == FunctionConfig(
        needs_session=True,
        name="orders.place",
        title="Place an order",
        description="Places it.",
        tags=("orders",),
        expose=True,
        readonly=True,
        scopes=("orders:write",),
        permissions=[allowed],
        middleware=(around,),
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        config_of(decorated).expose = False


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(TypeError, match="scopes"):
        pikku_sessionless_func(scopes=["x"])  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]  # the fault that is tested


def test_what_is_not_decorated_has_no_configuration() -> None:
    async def plain() -> None: ...

    assert config_of(plain) is None


@pytest.mark.anyio
async def test_a_decorated_function_is_called_like_any_other() -> None:
    @pikku_func
    async def double(data: int, *, factor: int) -> int:
        return data * factor

    assert await double(2, factor=3) == 6


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
