"""For how long sessions hold: from login, from use, and at most."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import ServiceUnavailableError
from pikku_core.services import MemorySessionStore
from pikku_http import cookie_session, stored_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Site, SiteOf
    from httpx2 import AsyncClient, Response

    from pikku_core import Middleware

pytestmark = pytest.mark.anyio

COOKIE = "__Host-session"
LIFE = timedelta(seconds=100)


@pytest.fixture
def in_cookie(site_of: SiteOf) -> Site:
    """Sessions in the cookie of 100 seconds that are renewed after 50, and end after 250."""
    return site_of(cookie_session, lifetime=LIFE, renew=0.5, max_lifetime=timedelta(seconds=250))


@pytest.fixture
def renewing(factory: Callable[..., Middleware], site_of: SiteOf) -> Site:
    """Sessions of 100 seconds that are renewed after 50, and end after 250."""
    return site_of(factory, lifetime=LIFE, renew=0.5, max_lifetime=timedelta(seconds=250))


def age_of(answer: Response) -> str:
    """For how long the cookie of an answer holds; empty where it has none."""
    return answer.headers.get("set-cookie", "").partition("Max-Age=")[2].partition(";")[0]


async def log_in(client: AsyncClient, site: Site) -> AsyncClient:
    """A browser that keeps a cookie whatever its `Max-Age`: only what the site says counts."""
    del site
    answer = await client.post("/login", json={"user": "ada"})
    assert answer.json() == "in"
    return client


async def use(client: AsyncClient) -> tuple[int, str]:
    answer = await client.get("/me")
    return answer.status_code, age_of(answer)


async def test_a_session_that_is_used_holds_on_and_is_not_written_each_time(
    in_cookie: Site,
) -> None:
    async with in_cookie.client() as client:
        await log_in(client, in_cookie)
        found: list[tuple[int, str]] = []
        for seconds in (0, 49, 1, 0, 49, 1, 99):
            in_cookie.clock.move(seconds)
            found.append(await use(client))
        assert found == [
            (200, ""),
            (200, ""),
            (200, "100"),  # after 50 seconds
            (200, ""),
            (200, ""),
            (200, "100"),  # after 100
            (200, "51"),  # after 199: 51 seconds are left of 250
        ]


async def test_a_session_ends_when_its_most_is_reached_however_it_is_used(renewing: Site) -> None:
    async with renewing.client() as client:
        await log_in(client, renewing)
        for _ in range(12):
            renewing.clock.move(20)
            assert (await use(client))[0] == 200
        renewing.clock.move(9)
        assert (await use(client))[0] == 200
        renewing.clock.move(1)
        assert (await use(client))[0] == 401


async def test_a_session_that_is_not_used_ends(renewing: Site) -> None:
    async with renewing.client() as client:
        await log_in(client, renewing)
        renewing.clock.move(60)
        assert (await use(client))[0] == 200
        renewing.clock.move(99)
        assert (await use(client))[0] == 200
        renewing.clock.move(100)
        assert await use(client) == (401, "")


@pytest.mark.parametrize(
    ("kind", "ages"),
    [(cookie_session, ["100", "90", "10", "100"]), (stored_session, ["170", "90", "10", "250"])],
)
async def test_a_change_of_the_session_does_not_let_it_hold_for_longer_than_its_most(
    site_of: SiteOf, kind: Callable[..., Middleware], ages: list[str]
) -> None:
    site = site_of(kind, lifetime=LIFE, renew=0.5, max_lifetime=timedelta(seconds=250))
    async with site.client() as client:
        await log_in(client, site)
        found: list[str] = []
        for seconds in (80, 80, 80, 10):
            site.clock.move(seconds)
            if seconds == 10:
                assert (await use(client))[0] == 401
            found.append(age_of(await client.post("/login", json={"user": "eve"})))
        assert found == ages


async def test_who_logs_out_and_in_again_begins_anew(renewing: Site) -> None:
    async with renewing.client() as client:
        await log_in(client, renewing)
        renewing.clock.move(90)
        assert age_of(await client.post("/logout")) == "0"
        await log_in(client, renewing)
        for _ in range(4):
            renewing.clock.move(60)
            assert (await use(client))[0] == 200


async def test_without_renew_a_session_ends_however_it_is_used(
    factory: Callable[..., Middleware], site_of: SiteOf
) -> None:
    site = site_of(factory, lifetime=LIFE)
    async with site.client() as client:
        await log_in(client, site)
        for _ in range(9):
            site.clock.move(10)
            assert await use(client) == (200, "")
        site.clock.move(10)
        assert (await use(client))[0] == 401


async def test_options_that_become_stricter_hold_for_sessions_that_there_are(
    factory: Callable[..., Middleware], site_of: SiteOf
) -> None:
    site = site_of(factory)
    async with site.client() as client:
        token = (await client.post("/login", json={"user": "ada"})).cookies[COOKIE]
    strict = [{"lifetime": LIFE}, {"lifetime": LIFE, "max_lifetime": LIFE}]
    for options, seconds, status in [(strict[0], 99, 200), (strict[1], 1, 401)]:
        other: Any = site_of(factory, **options)
        other.clock, other.store, other.signer = site.clock, site.store, site.signer
        site.clock.move(seconds)
        async with other.client() as client:
            answer = await client.get("/me", headers={"cookie": f"{COOKIE}={token}"})
            assert answer.status_code == status


async def test_a_stored_session_is_renewed_in_the_store_alone(site_of: SiteOf) -> None:
    site = site_of(stored_session, lifetime=LIFE, renew=0.5)
    async with site.client() as client:
        answer = await client.post("/login", json={"user": "ada"})
        assert age_of(answer) == str(400 * 24 * 60 * 60)
        for _ in range(10):
            site.clock.move(60)
            assert await use(client) == (200, "")
        assert len(site.store) == 1
        site.clock.move(100)
        assert await use(client) == (401, "")


async def test_a_request_that_fails_renews_nothing(renewing: Site) -> None:
    async with renewing.client() as client:
        await log_in(client, renewing)
        renewing.clock.move(60)
        answer = await client.post("/login", json={"user": "nobody"})
        assert (answer.status_code, age_of(answer)) == (404, "")


async def test_a_session_that_cannot_be_renewed_is_used_all_the_same(site_of: SiteOf) -> None:
    class Full(MemorySessionStore):
        async def extend(self, key: str, *, ttl: float) -> bool:
            raise ServiceUnavailableError(f"no {ttl} for {key}")

    site = site_of(stored_session, lifetime=LIFE, renew=0.5)
    site.store = Full(clock=site.clock)
    async with site.client() as client:
        await log_in(client, site)
        site.clock.move(60)
        assert await use(client) == (200, "")
