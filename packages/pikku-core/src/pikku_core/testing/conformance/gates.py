"""Who may call: sessions, scopes, permissions."""

from __future__ import annotations

import asyncio

from pikku_core import (
    Rpc,
    pikku_func,
    pikku_permission,
    pikku_sessionless_func,
    tag_permissions,
)
from pikku_core.testing.conformance.event_loop import in_event_loop
from pikku_core.testing.conformance.harness import Caller, Number, TransportHarness


@pikku_func
async def who(*, session: Caller) -> str:
    """Says who calls."""
    return session.user


@pikku_sessionless_func
async def anybody(*, session: Caller | None = None) -> str:
    """Says who calls, if anybody is known to."""
    return "nobody" if session is None else session.user


@pikku_func(scopes=["notes:write"])
async def scoped() -> str:
    """Asks for a scope."""
    return "written"


@pikku_func(readonly=True)
async def reading() -> str:
    """Changes nothing."""
    return "read"


@pikku_sessionless_func
async def forwarding(*, rpc: Rpc) -> str:
    """Calls a function that needs a session."""
    answer: str = await rpc.who()
    return answer


@pikku_permission
async def never() -> bool:
    """Lets nobody pass."""
    return False


@pikku_permission
async def always() -> bool:
    """Lets everybody pass."""
    return True


@pikku_permission
def positive(data: Number) -> bool:
    """Looks at the data, which is valid."""
    return data.value > 0


class GatesConformance(TransportHarness):
    """Who may call: sessions, scopes, permissions."""

    @in_event_loop
    async def test_a_function_that_needs_a_session_is_closed_to_others(self) -> None:
        async with self.running(self.wire("who", who)) as call:
            assert (await call("who")).code == "unauthorized"
            assert (await call("who", caller=Caller("ada"))).value == "ada"
            assert (await call("who")).code == "unauthorized"

    @in_event_loop
    async def test_a_function_that_needs_none_is_open_and_knows_who_calls(self) -> None:
        async with self.running(self.wire("anybody", anybody)) as call:
            assert (await call("anybody")).value == "nobody"
            assert (await call("anybody", caller=Caller("ada"))).value == "ada"

    @in_event_loop
    async def test_a_wiring_may_ask_for_a_session(self) -> None:
        async with self.running(self.wire("anybody", anybody, auth=True)) as call:
            assert (await call("anybody")).code == "unauthorized"
            assert (await call("anybody", caller=Caller("ada"))).value == "ada"

    @in_event_loop
    async def test_scopes_of_function_and_wiring_are_asked_for(self) -> None:
        async with self.running(self.wire("scoped", scoped, scopes=["extra"])) as call:
            for scopes, code in (
                ((), "missing_scope"),
                (("extra",), "missing_scope"),
                (("notes:write",), "missing_scope"),
                (("notes:write", "extra"), ""),
                (("notes", "extra"), ""),
            ):
                answer = await call("scoped", caller=Caller("ada", scopes))
                assert answer.code == code

    @in_event_loop
    async def test_a_read_only_session_calls_only_what_changes_nothing(self) -> None:
        reader = Caller("ada", readonly=True)
        async with self.running(self.wire("who", who), self.wire("reading", reading)) as call:
            assert (await call("who", caller=reader)).code == "readonly_session"
            assert (await call("reading", caller=reader)).value == "read"

    @in_event_loop
    async def test_a_permission_of_the_wiring_keeps_callers_out(self) -> None:
        ran: list[int] = []

        @pikku_sessionless_func
        async def noting() -> str:
            ran.append(1)
            return "ran"

        async with self.running(self.wire("noting", noting, permissions=[never])) as call:
            assert (await call("noting")).code == "forbidden"
        assert ran == []

    @in_event_loop
    async def test_function_wiring_and_tag_must_all_agree(self) -> None:
        @pikku_sessionless_func(permissions=[always])
        async def guarded() -> str:
            return "passed"

        for name, permissions, tags, code in (
            ("plain", [always], [], ""),
            ("wired", [never], [], "forbidden"),
            ("tagged", [always], ["closed"], "forbidden"),
        ):
            wiring = self.wire(name, guarded, permissions=permissions, tags=tags)
            async with self.running(wiring, tag_permissions("closed", [never])) as call:
                assert (await call(name)).code == code

    @in_event_loop
    async def test_permissions_that_are_alternatives_need_one_that_passes(self) -> None:
        either = {"no": never, "yes": always}
        async with self.running(self.wire("anybody", anybody, permissions=either)) as call:
            assert (await call("anybody")).code == ""

    @in_event_loop
    async def test_a_permission_sees_the_data_once_it_is_valid(self) -> None:
        @pikku_sessionless_func(permissions=[positive])
        async def root(data: Number) -> Number:
            return data

        async with self.running(self.wire("root", root)) as call:
            assert (await call("root", {"value": 4})).code == ""
            assert (await call("root", {"value": -4})).code == "forbidden"
            assert (await call("root", {"value": "x"})).code == "invalid_data"

    @in_event_loop
    async def test_calls_at_the_same_time_keep_their_sessions_apart(self) -> None:
        everybody = asyncio.Event()
        inside: list[str] = []

        @pikku_func
        async def meeting(*, session: Caller) -> str:
            inside.append(session.user)
            if len(inside) == 3:
                everybody.set()
            await everybody.wait()
            return session.user

        users = ["ada", "jake", "jane"]
        async with self.running(self.wire("meeting", meeting)) as call:
            answers = await asyncio.gather(
                *(call("meeting", caller=Caller(user)) for user in users)
            )
        assert [answer.value for answer in answers] == users

    @in_event_loop
    async def test_the_session_goes_along_when_functions_call_each_other(self) -> None:
        wiring = self.wire("forwarding", forwarding)
        async with self.running(wiring, functions=[who]) as call:
            assert (await call("forwarding", caller=Caller("ada"))).value == "ada"
            assert (await call("forwarding")).code == "unauthorized"
