"""Versions of functions in an App: which one a name means."""

from __future__ import annotations

import pytest

from pikku_core import App, DeclarationError, FunctionNotFoundError, Rpc, pikku_sessionless_func
from pikku_core.runtime.dispatch import Dispatcher

pytestmark = pytest.mark.anyio


@pikku_sessionless_func(version=1)
async def create_card_v1(data: int) -> str:
    return f"one {data}"


@pikku_sessionless_func(version=2)
async def create_card_v2(data: str) -> str:
    return f"two {data}"


@pikku_sessionless_func(name="create_card", version=10)
async def create_card_with_a_colour(data: str) -> str:
    return f"ten {data}"


async def test_a_name_without_a_version_calls_the_newest() -> None:
    async with App(functions=[create_card_with_a_colour, create_card_v1, create_card_v2]) as app:
        assert await app.rpc.create_card("x") == "ten x"
        assert await app.rpc.invoke("create_card", "x") == "ten x"
        assert await app.invoke("create_card", "x") == "ten x"


async def test_a_name_with_a_version_calls_that_one() -> None:
    async with App(functions=[create_card_v1, create_card_v2]) as app:
        assert await app.rpc.create_card_v1(1) == "one 1"
        assert await app.rpc.invoke("create_card@v1", 1) == "one 1"
        assert await app.invoke("create_card@v2", "x") == "two x"


async def test_a_version_that_there_is_not_is_an_error_that_names_those_there_are() -> None:
    known = r'There is "create_card@v1", "create_card@v2"\.$'
    async with App(functions=[create_card_v1, create_card_v2]) as app:
        with pytest.raises(FunctionNotFoundError, match=known):
            await app.rpc.invoke("create_card@v3", 1)
        with pytest.raises(FunctionNotFoundError, match=known):
            app.rpc.create_card_v3(1)
        with pytest.raises(FunctionNotFoundError, match=known):
            app.record("create_card@v3")


async def test_a_base_is_not_another_version_where_the_newest_was_left_out() -> None:
    names = {"create_card_v1": "create_card@v1"}
    dispatcher = Dispatcher(names, ["create_card@v1"], App().plan, 1)
    assert dispatcher.resolve("create_card@v1", None) == "create_card@v1"
    with pytest.raises(FunctionNotFoundError):
        dispatcher.resolve("create_card", None)


async def test_a_name_that_is_no_identifier_is_invoked_without_its_version_too() -> None:
    @pikku_sessionless_func(name="send-card", version=3)
    async def send() -> str:
        return "sent"

    async with App(functions=[send]) as app:
        assert await app.rpc.invoke("send-card") == "sent"
        assert await app.rpc.send_card() == "sent"


async def test_an_addon_has_versions_too() -> None:
    @pikku_sessionless_func(name="acme:send", version=1)
    async def send_v1() -> str:
        return "one"

    @pikku_sessionless_func(name="acme:send", version=2)
    async def send_v2(*, rpc: Rpc) -> str:
        return f"two after {await rpc.send_v1()} and {await rpc.invoke('send@v1')}"

    async with App(functions=[send_v1, send_v2]) as app:
        assert await app.rpc.acme.send() == "two after one and one"
        assert await app.rpc.invoke("acme:send@v1") == "one"
        with pytest.raises(FunctionNotFoundError, match='There is "acme:send@v1", "acme:send@v2"'):
            app.rpc.acme.send_v3()


async def test_ids_that_are_one_attribute_are_still_invoked() -> None:
    @pikku_sessionless_func(name="create_card_v2")
    async def other() -> str:
        return "other"

    async with App(functions=[create_card_v2, other]) as app:
        assert await app.rpc.invoke("create_card_v2") == "other"
        assert await app.rpc.invoke("create_card@v2", "x") == "two x"
        with pytest.raises(FunctionNotFoundError):
            app.rpc.create_card_v2()


def test_a_function_without_a_version_beside_versions_is_refused() -> None:
    @pikku_sessionless_func
    async def create_card() -> None: ...

    with pytest.raises(DeclarationError, match=r'states no version although.*"create_card@v2"'):
        App(functions=[create_card_v1, create_card, create_card_v2])


def test_a_version_twice_is_refused_with_both_places() -> None:
    @pikku_sessionless_func(version=1)
    async def create_card() -> None: ...

    with pytest.raises(DeclarationError, match=r'"create_card@v1".*another "version"'):
        App(functions=[create_card_v1, create_card])


def test_a_name_does_not_state_a_version() -> None:
    @pikku_sessionless_func(name="create_card@v2")
    async def create() -> None: ...

    with pytest.raises(DeclarationError, match='write name="create_card", version=2'):
        App(functions=[create])
