"""Sessions in cookies: those that the client holds, and those that the server does."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    DeclarationError,
    NotFoundError,
    Rpc,
    Sessions,
    global_middleware,
    pikku_func,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_core.services import MemorySessionStore, SessionStore, Signer
from pikku_core.testing import MovableClock
from pikku_http import cookie_session, stored_session, wire_http
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from httpx2 import AsyncClient

    from pikku_core import Middleware

pytestmark = pytest.mark.anyio

SECRET = "s" * 32
COOKIE = "__Host-session"
FACTORIES = [cookie_session, stored_session]


class Session(BaseModel):
    user: str
    note: str = ""


class Login(BaseModel):
    user: str
    note: str = ""


@pikku_sessionless_func
async def login(data: Login, *, sessions: Sessions[Session]) -> str:
    sessions.set(Session(user=data.user, note=data.note))
    if data.user == "nobody":
        raise NotFoundError
    return "in"


@pikku_sessionless_func
async def logout(*, sessions: Sessions[Session]) -> str:
    sessions.clear()
    return "out"


@pikku_func
async def whoami(*, session: Session) -> str:
    return session.user


@pikku_sessionless_func
async def login_by_name(data: Login, *, rpc: Rpc) -> str:
    answer: str = await rpc.login(data)
    return answer


@pikku_service
def cookie_signer() -> Signer:
    raise AssertionError("the test gives one")


@pikku_service
def session_store() -> SessionStore:
    raise AssertionError("the test gives one")


class Counting(MemorySessionStore):
    """A store that counts what is asked of it."""

    asked = 0

    async def get(self, key: str) -> bytes | None:
        self.asked += 1
        return await super().get(key)


class Site:
    """A running site with one kind of sessions."""

    def __init__(self, *middleware: Middleware, secrets: list[str] | None = None) -> None:
        self.clock = MovableClock()
        self.store = Counting(clock=self.clock)
        self.signer = Signer(secrets or [SECRET], clock=self.clock)
        self.middleware = middleware

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[AsyncClient]:
        declarations = [
            global_middleware(self.middleware),
            wire_http(method="post", route="/login", func=login),
            wire_http(method="post", route="/login-by-name", func=login_by_name),
            wire_http(method="post", route="/logout", func=logout),
            wire_http(method="get", route="/me", func=whoami),
        ]
        app = App(
            declarations,
            functions=[login],
            services=[cookie_signer, session_store],
            instances={"cookie_signer": self.signer, "session_store": self.store},
        )
        async with app, client_of(app, base_url="https://site.test") as client:
            yield client


@pytest.fixture(params=FACTORIES, ids=lambda factory: factory.__name__)
def site(request: pytest.FixtureRequest) -> Site:
    return Site(request.param(Session))


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
        assert site.store.asked == 0


async def test_a_cookie_of_another_secret_or_name_is_nobodys(site: Site) -> None:
    async with Site(*site.middleware, secrets=["t" * 32]).client() as client:
        token = (await client.post("/login", json={"user": "ada"})).cookies[COOKIE]
    text = site.signer.sign(b'{"user":"ada"}', purpose="other", lifetime=60)
    async with site.client() as client:
        for forged in (token, text):
            answer = await client.get("/me", headers={"cookie": f"{COOKIE}={forged}"})
            assert answer.status_code == 401


async def test_a_session_of_a_class_that_has_changed_is_none(site: Site) -> None:
    content = site.signer.sign(b'{"name":"ada"}', purpose=COOKIE, lifetime=60)
    async with site.client() as client:
        answer = await client.get("/me", headers={"cookie": f"{COOKIE}={content}"})
        assert answer.status_code == 401


async def test_a_login_gives_a_new_id_and_the_old_one_is_worth_nothing() -> None:
    site = Site(stored_session(Session))
    async with site.client() as client:
        first = (await client.post("/login", json={"user": "eve"})).cookies[COOKIE]
        second = (await client.post("/login", json={"user": "ada"})).cookies[COOKIE]
        client.cookies.clear()
        assert first != second
        answer = await client.get("/me", headers={"cookie": f"{COOKIE}={first}"})
        assert answer.status_code == 401
        assert len(site.store) == 1


async def test_an_id_that_the_client_chose_is_never_taken() -> None:
    site = Site(stored_session(Session))
    chosen = site.signer.sign(b"c" * 32, purpose=COOKIE, lifetime=60)
    async with site.client() as client:
        headers = {"cookie": f"{COOKIE}={chosen}"}
        given = (await client.post("/login", json={"user": "ada"}, headers=headers)).cookies[COOKIE]
        client.cookies.clear()
        assert given != chosen
        assert (await client.get("/me", headers=headers)).status_code == 401


async def test_a_copy_of_the_cookie_is_worth_nothing_after_the_logout() -> None:
    site = Site(stored_session(Session))
    async with site.client() as client:
        token = (await client.post("/login", json={"user": "ada"})).cookies[COOKIE]
        await client.post("/logout")
        answer = await client.get("/me", headers={"cookie": f"{COOKIE}={token}"})
        assert answer.status_code == 401
        assert len(site.store) == 0


async def test_the_store_does_not_hold_what_the_client_sends() -> None:
    kept: dict[str, bytes] = {}

    class Seen(Counting):
        async def set(self, key: str, session: bytes, *, ttl: float) -> None:
            kept[key] = session
            await super().set(key, session, ttl=ttl)

    site = Site(stored_session(Session))
    site.store = Seen(clock=site.clock)
    async with site.client() as client:
        token = (await client.post("/login", json={"user": "ada"})).cookies[COOKIE]
    known = site.signer.read(token, purpose=COOKIE)
    assert known is not None
    assert [known.hex() in key or known in value for key, value in kept.items()] == [False]


async def test_a_session_that_no_cookie_can_hold_is_an_error_of_the_server() -> None:
    site = Site(cookie_session(Session))
    async with site.client() as client:
        answer = await client.post("/login", json={"user": "ada", "note": "x" * 4000})
        assert (answer.status_code, "set-cookie" in answer.headers) == (500, False)


@pytest.mark.parametrize("factory", FACTORIES)
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"lifetime": timedelta(0)}, '"lifetime"'),
        ({"name": "a b"}, "not well-formed"),
        ({"name": "__Host-s", "secure": False}, "must be secure"),
        ({"same_site": "none", "secure": False}, "must be secure"),
        ({"same_site": "some"}, "same_site"),
    ],
)
def test_a_cookie_that_would_not_hold_is_refused(
    factory: Callable[..., Any], options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(DeclarationError, match=reason):
        factory(Session, **options)


async def test_without_secure_the_cookie_has_no_prefix() -> None:
    async with Site(cookie_session(Session, secure=False)).client() as client:
        answer = await client.post("/login", json={"user": "ada"})
        assert answer.headers["set-cookie"].startswith("session=")
        assert "Secure" not in answer.headers["set-cookie"]
