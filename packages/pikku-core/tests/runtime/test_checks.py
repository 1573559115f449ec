"""Permissions: alternatives, conjunctions, who adds to whom."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    DeclarationError,
    ForbiddenError,
    NotFoundError,
    Permission,
    PermissionGroup,
    UnauthorizedError,
    Wire,
    Wiring,
    global_permissions,
    pikku_permission,
    pikku_service,
    pikku_sessionless_func,
    tag_permissions,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.anyio


class Order(BaseModel):
    id: int


class PlainWiring(Wiring):
    kind: ClassVar[str] = "plain"

    @property
    def id(self) -> str:
        return "plain:one"


def answering(passes: bool, name: str = "", asked: list[str] | None = None) -> Permission:
    @pikku_permission
    async def check() -> bool:
        if asked is not None:
            asked.append(name)
        return passes

    return check


YES, NO = answering(True), answering(False)


async def is_allowed(permissions: PermissionGroup) -> bool:
    @pikku_sessionless_func(permissions=permissions)
    async def guarded() -> None: ...

    async with App(functions=[guarded]) as app:
        try:
            await app.invoke("guarded")
        except ForbiddenError:
            return False
        return True


@pytest.mark.parametrize(
    ("permissions", "allowed"),
    [
        ([YES], True),
        ([YES, NO], False),
        ([NO], False),
        ([], True),
        ({}, True),
        ({"one": YES}, True),
        ({"one": NO, "other": YES}, True),
        ({"one": NO, "other": NO}, False),
        ({"one": [YES, NO], "other": NO}, False),
        ({"one": [YES, NO], "other": [YES, YES]}, True),
    ],
    ids=str,
)
async def test_keys_are_alternatives_and_lists_must_hold_together(
    permissions: PermissionGroup, allowed: bool
) -> None:
    assert await is_allowed(permissions) is allowed


async def test_alternatives_are_asked_in_order_until_one_passes() -> None:
    asked: list[str] = []
    permissions = {
        "first": answering(False, "first", asked),
        "second": answering(True, "second", asked),
        "third": answering(True, "third", asked),
    }
    assert await is_allowed(permissions)
    assert asked == ["first", "second"]


async def test_the_rest_of_a_list_is_not_asked_after_a_no() -> None:
    asked: list[str] = []
    assert not await is_allowed([NO, answering(True, "second", asked)])
    assert asked == []


async def test_an_empty_list_under_a_key_is_refused() -> None:
    with pytest.raises(DeclarationError, match='permission "anybody" is an empty list'):
        await is_allowed({"anybody": []})


@pytest.mark.parametrize("refused", ["global", "tag", "wiring", "function"])
async def test_global_tag_wiring_and_function_must_all_agree(refused: str) -> None:
    asked: list[str] = []

    def check(name: str) -> Sequence[Permission]:
        return [answering(name != refused, name, asked)]

    @pikku_sessionless_func(tags=["orders:new"], permissions=check("function"))
    async def guarded() -> None: ...

    declarations = [
        tag_permissions("orders", check("tag")),
        global_permissions(check("global")),
        tag_permissions("elsewhere", [answering(False, "elsewhere", asked)]),
    ]
    async with App(declarations, functions=[guarded]) as app:
        wiring = PlainWiring(func=guarded, permissions=check("wiring"))
        with pytest.raises(ForbiddenError):
            await app.plan("guarded", wiring=wiring).invoke(Wire("plain:one", "guarded"))
    order = ["global", "tag", "wiring", "function"]
    assert asked == order[: order.index(refused) + 1]


async def test_an_error_of_a_permission_is_the_answer_and_no_alternative_is_asked() -> None:
    @pikku_permission
    async def hides() -> bool:
        raise NotFoundError

    @pikku_sessionless_func(permissions={"one": hides, "other": YES})
    async def guarded() -> None: ...

    async with App(functions=[guarded]) as app:
        with pytest.raises(NotFoundError):
            await app.invoke("guarded")


async def test_a_permission_sees_the_validated_data() -> None:
    @pikku_permission
    async def is_first(data: Order) -> bool:
        return data.id == 1

    @pikku_sessionless_func(permissions=[is_first])
    async def place(data: Order) -> int:
        return data.id

    async with App(functions=[place]) as app:
        assert await app.invoke("place", {"id": "1"}) == 1
        with pytest.raises(ForbiddenError):
            await app.invoke("place", {"id": "2"})


async def test_a_permission_is_given_singletons_and_the_session() -> None:
    @pikku_service
    async def owner() -> str:
        return "ada"

    @pikku_permission
    async def is_owner(*, session: Any, owner: str) -> bool:
        return bool(session.user == owner)

    @pikku_sessionless_func(permissions=[is_owner])
    async def guarded() -> None: ...

    async with App(functions=[guarded], services=[owner]) as app:
        await app.invoke("guarded", session=SimpleNamespace(user="ada"))
        with pytest.raises(ForbiddenError):
            await app.invoke("guarded", session=SimpleNamespace(user="bob"))
        with pytest.raises(UnauthorizedError):
            await app.invoke("guarded")


async def test_a_sync_permission_counts() -> None:
    @pikku_permission
    def no() -> bool:
        return False

    assert not await is_allowed([no])


async def test_a_sync_wrapper_round_an_async_permission_does_not_let_everybody_pass() -> None:
    async def denies() -> bool:
        return False

    @functools.wraps(denies)
    def wrapped() -> Any:
        return denies()

    assert not await is_allowed([wrapped])


async def test_a_permission_that_wants_data_is_refused_on_a_function_without_any() -> None:
    @pikku_permission
    async def is_first(data: Order) -> bool:
        return True

    with pytest.raises(DeclarationError, match='is_first" takes the data of the call'):
        await is_allowed([is_first])


async def test_a_permission_may_not_ask_for_a_call_service() -> None:
    @pikku_service(scope="call")
    async def transaction() -> int:
        return 1

    @pikku_permission
    async def eager(*, transaction: int) -> bool:
        return True

    @pikku_sessionless_func(permissions=[eager])
    async def guarded() -> None: ...

    async with App(functions=[guarded], services=[transaction]) as app:
        with pytest.raises(DeclarationError, match="opened after it has run"):
            await app.invoke("guarded")
