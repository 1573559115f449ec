"""Who may pass: session, read-only, scopes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from pikku_core import (
    App,
    MissingScopeError,
    ReadonlySessionError,
    UnauthorizedError,
    Wire,
    Wiring,
    pikku_func,
    pikku_sessionless_func,
)
from pikku_core.runtime.gates import compile_gate, grants

SCOPES = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(":".join)


class TestWiring(Wiring):
    __test__ = False

    kind: ClassVar[str] = "test"

    @property
    def id(self) -> str:
        return "test:one"


class Session(BaseModel):
    user_id: int = 1


class OpenSession(BaseModel):
    model_config = ConfigDict(extra="allow")


@pytest.mark.parametrize("held", ["a:b", "a", "*", "a:*", "a:b:*"])
def test_a_scope_is_granted_by_itself_an_ancestor_or_a_wildcard(held: str) -> None:
    assert grants(frozenset({held}), "a:b")


@pytest.mark.parametrize("held", ["a:b:c", "b", "a:c", "ab", "a:b:c:*", "*:b"])
def test_a_scope_is_not_granted_by_a_descendant_or_a_stranger(held: str) -> None:
    assert not grants(frozenset({held}), "a:b")


@given(held=SCOPES, below=SCOPES)
def test_a_scope_grants_all_that_is_below_it(held: str, below: str) -> None:
    assert grants(frozenset({held}), f"{held}:{below}")


@given(held=st.frozensets(SCOPES), scope=SCOPES)
def test_without_wildcards_only_prefixes_grant(held: frozenset[str], scope: str) -> None:
    prefixes = {scope[:end] for end in range(1, len(scope) + 1) if f"{scope}:"[end] == ":"}
    assert grants(held, scope) == bool(held & prefixes)


def pass_gate(session: object, *, readonly: bool = False, scopes: tuple[str, ...] = ()) -> None:
    wire = Wire("test", "test")
    wire.session = session
    compile_gate(resolves=False, needs_session=False, readonly=readonly, scopes=scopes)(wire)


@pytest.mark.parametrize(
    "session", [SimpleNamespace(readonly=True), OpenSession.model_validate({"readonly": True})]
)
def test_a_readonly_session_passes_only_to_readonly_functions(session: object) -> None:
    pass_gate(session, readonly=True)
    with pytest.raises(ReadonlySessionError):
        pass_gate(session)


def test_a_session_without_the_attributes_is_neither_readonly_nor_holds_scopes() -> None:
    pass_gate(Session())
    with pytest.raises(MissingScopeError, match='"orders"'):
        pass_gate(Session(), scopes=("orders",))


def test_a_scope_without_a_session_asks_who_it_is() -> None:
    with pytest.raises(UnauthorizedError):
        pass_gate(None, scopes=("orders",))


def test_a_session_whose_scopes_are_none_holds_none() -> None:
    with pytest.raises(MissingScopeError):
        pass_gate(SimpleNamespace(scopes=None), scopes=("orders",))


def test_scopes_in_one_string_are_words_not_letters() -> None:
    pass_gate(SimpleNamespace(scopes="orders articles:*"), scopes=("orders", "articles:write"))
    with pytest.raises(MissingScopeError, match='"admin"'):
        pass_gate(SimpleNamespace(scopes="articles:*"), scopes=("admin",))


@pikku_func
async def bound() -> int:
    return 1


@pikku_sessionless_func
async def free() -> int:
    return 1


@pytest.mark.anyio
async def test_a_wiring_can_ask_for_a_session_that_the_function_does_not_need() -> None:
    async with App(functions=[free]) as app:
        assert await app.invoke("free") == 1
        plan = app.plan("free", wiring=TestWiring(func=free, auth=True))
        with pytest.raises(UnauthorizedError):
            await plan.invoke(Wire("test", "free"))


@pytest.mark.anyio
async def test_a_wiring_cannot_open_a_session_bound_function() -> None:
    async with App(functions=[bound]) as app:
        plan = app.plan("bound", wiring=TestWiring(func=bound, auth=False))
        with pytest.raises(UnauthorizedError):
            await plan.invoke(Wire("test", "bound"))


@pytest.mark.anyio
async def test_the_scopes_of_a_wiring_hold_beside_the_functions() -> None:
    @pikku_func(scopes=["read"])
    async def listing() -> int:
        return 1

    async with App(functions=[listing]) as app:
        plan = app.plan("listing", wiring=TestWiring(func=listing, scopes=("admin",)))
        wire = Wire("test", "listing")
        wire.session = SimpleNamespace(scopes=["read"])
        with pytest.raises(MissingScopeError, match='"admin"'):
            await plan.invoke(wire)
        assert await app.invoke("listing", session=SimpleNamespace(scopes=["read"])) == 1
