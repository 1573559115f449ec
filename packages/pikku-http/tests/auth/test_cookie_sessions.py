"""Sessions in cookies: those that the client holds, and those that the server does."""

from __future__ import annotations

import gc
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import DeclarationError
from pikku_core.services import Signer
from pikku_http import Http, cookie_session, stored_session
from pikku_http.http.auth.session_cookie import TIMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Site, SiteOf

    from pikku_core import Middleware

pytestmark = pytest.mark.anyio

COOKIE = "__Host-session"


async def test_who_logs_in_is_known_until_the_logout(site: Site) -> None:
    async with site.client() as client:
        assert (await client.get("/me")).status_code == 401
        assert (await client.post("/login", json={"user": "ada"})).json() == "in"
        assert (await client.get("/me")).json() == "ada"
        answer = await client.post("/logout")
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert COOKIE not in client.cookies
        answer = await client.get("/me")
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Cookie")


async def test_the_cookie_is_safe_and_no_cache_keeps_the_answer(site: Site) -> None:
    async with site.client() as client:
        answer = await client.post("/login", json={"user": "ada"})
        value, _, flags = answer.headers["set-cookie"].partition("; ")
        assert value.startswith(f"{COOKIE}=")
        assert flags == "Path=/; Max-Age=1209600; Secure; HttpOnly; SameSite=Lax"
        assert answer.headers["cache-control"] == "no-store"


async def test_a_cookie_is_written_only_when_the_session_has_changed(site: Site) -> None:
    async with site.client() as client:
        await client.post("/login", json={"user": "ada"})
        answer = await client.get("/me")
        assert "set-cookie" not in answer.headers
        assert "cache-control" not in answer.headers


async def test_a_session_ends_when_its_time_is_over(site: Site) -> None:
    async with site.client() as client:
        token = (await client.post("/login", json={"user": "ada"})).cookies[COOKIE]
        headers = {"cookie": f"{COOKIE}={token}"}
        client.cookies.clear()
        site.clock.move(days=14, by=-1.0)
        assert (await client.get("/me", headers=headers)).json() == "ada"
        site.clock.move(1)
        assert (await client.get("/me", headers=headers)).status_code == 401


async def test_a_login_that_fails_leaves_no_session(site: Site) -> None:
    async with site.client() as client:
        answer = await client.post("/login", json={"user": "nobody"})
        assert (answer.status_code, "set-cookie" in answer.headers) == (404, False)
        assert (await client.get("/me")).status_code == 401


async def test_a_login_through_rpc_gives_one_cookie(site: Site) -> None:
    async with site.client() as client:
        answer = await client.post("/login-by-name", json={"user": "ada"})
        assert len(answer.headers.get_list("set-cookie")) == 1
        assert (await client.get("/me")).json() == "ada"
        assert len(site.store) <= 1


@pytest.mark.parametrize("value", ["", "a.b", "forged", "é", '"', "=", "." * 4000, "%00"])
async def test_a_cookie_that_is_not_ours_is_nobodys(site: Site, value: str) -> None:
    async with site.client() as client:
        answer = await client.get("/me", headers={b"cookie": f"{COOKIE}={value}".encode()})
        assert answer.status_code == 401
        assert site.counting.asked == 0


async def test_a_cookie_of_another_secret_or_name_is_nobodys(site: Site) -> None:
    content = b'{"user":"ada","note":""}'
    forged = [site.signed(content, purpose=purpose) for purpose in ("other", COOKIE)]
    own, site.signer = site.signer, Signer(["t" * 32], clock=site.clock)
    forged.append(site.signed(content))
    site.signer = own
    async with site.client() as client:
        for text in forged:
            answer = await client.get("/me", headers={"cookie": f"{COOKIE}={text}"})
            assert answer.status_code == 401


async def test_a_session_of_a_class_that_has_changed_is_none(site: Site) -> None:
    async with site.client() as client:
        for content in (b'{"name":"ada"}', b"", b"\xff"):
            headers = {"cookie": f"{COOKIE}={site.signed(content)}"}
            assert (await client.get("/me", headers=headers)).status_code == 401


async def test_a_login_gives_a_new_id_and_the_old_one_is_worth_nothing(site_of: SiteOf) -> None:
    site = site_of(stored_session)
    async with site.client() as client:
        first = (await client.post("/login", json={"user": "eve"})).cookies[COOKIE]
        second = (await client.post("/login", json={"user": "ada"})).cookies[COOKIE]
        client.cookies.clear()
        assert first != second
        answer = await client.get("/me", headers={"cookie": f"{COOKIE}={first}"})
        assert answer.status_code == 401
        assert len(site.store) == 1


async def test_an_id_that_the_client_chose_is_never_taken(site_of: SiteOf) -> None:
    site = site_of(stored_session)
    chosen = site.signed(b"c" * 32)
    async with site.client() as client:
        headers = {"cookie": f"{COOKIE}={chosen}"}
        given = (await client.post("/login", json={"user": "ada"}, headers=headers)).cookies[COOKIE]
        client.cookies.clear()
        assert given != chosen
        assert (await client.get("/me", headers=headers)).status_code == 401


async def test_a_copy_of_the_cookie_is_worth_nothing_after_the_logout(site_of: SiteOf) -> None:
    site = site_of(stored_session)
    async with site.client() as client:
        token = (await client.post("/login", json={"user": "ada"})).cookies[COOKIE]
        await client.post("/logout")
        answer = await client.get("/me", headers={"cookie": f"{COOKIE}={token}"})
        assert answer.status_code == 401
        assert len(site.store) == 0


async def test_the_store_does_not_hold_what_the_client_sends(site_of: SiteOf) -> None:
    site = site_of(stored_session)
    async with site.client() as client:
        token = (await client.post("/login", json={"user": "ada"})).cookies[COOKIE]
    known = site.signer.read(token, purpose=f"cookie:{COOKIE}")
    assert known is not None
    known = known[TIMES.size :]
    [(key, value)] = site.counting.given.items()
    assert known.hex() not in key
    assert known not in value


async def test_a_session_that_no_cookie_can_hold_is_an_error_of_the_server(site_of: SiteOf) -> None:
    site = site_of(cookie_session)
    async with site.client() as client:
        answer = await client.post("/login", json={"user": "ada", "note": "x" * 4000})
        assert (answer.status_code, "set-cookie" in answer.headers) == (500, False)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"lifetime": timedelta(0)}, '"lifetime"'),
        ({"renew": 0}, '"renew"'),
        ({"renew": 1}, '"renew"'),
        ({"renew": float("nan")}, '"renew"'),
        ({"max_lifetime": timedelta(days=13)}, '"max_lifetime"'),
        ({"name": "a b"}, "not well-formed"),
        ({"name": "__Host-s", "secure": False}, "must be secure"),
        ({"same_site": "none", "secure": False}, "must be secure"),
        ({"same_site": "some"}, "same_site"),
    ],
)
def test_a_cookie_that_would_not_hold_is_refused(
    factory: Callable[..., Middleware], options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(DeclarationError, match=reason):
        factory(str, **options)


async def test_without_secure_the_cookie_has_no_prefix(site_of: SiteOf) -> None:
    async with site_of(cookie_session, secure=False).client() as client:
        answer = await client.post("/login", json={"user": "ada"})
        assert answer.headers["set-cookie"].startswith("session=")
        assert "Secure" not in answer.headers["set-cookie"]


async def test_a_request_leaves_nothing_behind_that_only_a_collector_would_free(site: Site) -> None:
    async with site.client() as client:
        await client.post("/login", json={"user": "ada"})
        gc.collect()
        gc.disable()
        try:
            for _ in range(20):
                await client.get("/me")
            left = sum(type(one) is Http for one in gc.get_objects())
        finally:
            gc.enable()
    assert left <= 1
