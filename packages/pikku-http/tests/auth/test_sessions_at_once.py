"""Requests at one time that mean one stored session: none undoes what another has done."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pikku_core import Sessions, pikku_func
from pikku_http import stored_session, wire_http

if TYPE_CHECKING:
    from conftest import SiteOf
    from httpx2 import AsyncClient, Response

pytestmark = pytest.mark.anyio

COOKIE = "__Host-session"


class Turns:
    """Lets a request wait in the middle of its function."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.go = asyncio.Event()


TURNS: list[Turns] = []


@pikku_func
async def change(data: str, *, session: dict[str, str], sessions: Sessions[dict[str, str]]) -> str:
    turns = TURNS[-1]
    turns.entered.set()
    await turns.go.wait()
    if data == "out":
        sessions.clear()
    elif data:
        sessions.set({**session, "note": data})
    return session["note"]


@pikku_func
async def note(*, session: dict[str, str]) -> str:
    return session["note"]


WIRINGS = [
    wire_http(method="post", route="/change", func=change),
    wire_http(method="get", route="/note", func=note),
]


async def during(client: AsyncClient, data: str, meanwhile: str) -> Response:
    """The answer of a change during which another request of the same browser has changed, ended, or only read the session."""
    TURNS.append(Turns())
    token = client.cookies[COOKIE]
    slow = asyncio.create_task(
        client.post("/change", json=data, headers={"cookie": f"{COOKIE}={token}"})
    )
    await TURNS[-1].entered.wait()
    slow_turn = TURNS[-1]
    TURNS.append(Turns())
    TURNS[-1].go.set()
    if meanwhile:
        assert (await client.post("/change", json=meanwhile)).status_code == 200
    slow_turn.go.set()
    return await slow


@pytest.mark.parametrize("data", ["mine", "out"])
@pytest.mark.parametrize("meanwhile", ["theirs", "out"])
async def test_who_comes_second_is_told_so_and_changes_nothing(
    site_of: SiteOf, data: str, meanwhile: str
) -> None:
    site = site_of(stored_session)
    async with site.client(WIRINGS) as client:
        await client.post("/login", json={"user": "ada"})
        answer = await during(client, data, meanwhile)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "session_changed")
        assert ("set-cookie" in answer.headers) == (data == "out")
        assert len(site.store) == (0 if meanwhile == "out" else 1)


async def test_what_the_first_has_changed_stays(site_of: SiteOf) -> None:
    async with site_of(stored_session).client(WIRINGS) as client:
        await client.post("/login", json={"user": "ada"})
        await during(client, "mine", "theirs")
        assert (await client.get("/note")).json() == "theirs"


async def test_a_logout_is_not_undone_by_a_request_that_began_before(site_of: SiteOf) -> None:
    async with site_of(stored_session).client(WIRINGS) as client:
        await client.post("/login", json={"user": "ada"})
        await during(client, "mine", "out")
        assert (await client.get("/note")).status_code == 401


async def test_who_only_reads_is_answered_whatever_happens_meanwhile(site_of: SiteOf) -> None:
    async with site_of(stored_session).client(WIRINGS) as client:
        await client.post("/login", json={"user": "ada", "note": "first"})
        assert (await during(client, "", "theirs")).json() == "first"


async def test_a_renewal_that_is_answered_last_does_not_undo_a_change(site_of: SiteOf) -> None:
    site = site_of(stored_session, lifetime=timedelta(seconds=100), renew=0.5)
    async with site.client(WIRINGS) as client:
        await client.post("/login", json={"user": "ada"})
        site.clock.move(60)
        before = client.cookies[COOKIE]
        renewed = await client.get("/note")
        client.cookies.set(COOKIE, before, domain="site.test")
        TURNS.append(Turns())
        TURNS[-1].go.set()
        await client.post("/change", json="theirs")
        # The browser has the answer to the change before that of the renewal.
        client.cookies.extract_cookies(renewed)
        assert (await client.get("/note")).json() == "theirs"


async def test_two_at_once_without_a_session_both_log_in(site_of: SiteOf) -> None:
    site = site_of(stored_session)
    async with site.client() as client:
        logins = [client.post("/login", json={"user": user}) for user in ("ada", "jane")]
        assert [one.status_code for one in await asyncio.gather(*logins)] == [200, 200]
        assert len(site.store) == 2
