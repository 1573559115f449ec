"""Several ways to say who calls on one route, and what anonymous callers can find out."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    Next,
    Sessions,
    global_middleware,
    pikku_func,
    pikku_middleware,
    pikku_permission,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_core.services import (
    Claims,
    MemorySessionStore,
    SessionStore,
    Signer,
    StaticTokens,
    TokenKey,
    Tokens,
    system_clock,
)
from pikku_http import api_key, bearer, cookie_session, csrf, stored_session, wire_http
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from httpx2 import AsyncClient

    from pikku_core import Middleware

pytestmark = pytest.mark.anyio

KEY = TokenKey(value="k" * 32)


class Session(BaseModel):
    user: str
    seen: int = 0


class Order(BaseModel):
    count: int


def session_of(claims: Claims) -> Session:
    return Session(user=claims["sub"])


asked: list[str] = []


@pikku_permission
async def may(data: Order, *, session: Session) -> bool:
    asked.append(f"{session.user} {data.count}")
    return session.user == "ada"


@pikku_func(permissions=[may])
async def order(data: Order) -> int:
    return data.count


@pikku_func
async def me(*, session: Session) -> Session:
    return session


@pikku_sessionless_func
async def login(data: str, *, sessions: Sessions[Session]) -> None:
    sessions.set(Session(user=data))


@pikku_service
def tokens() -> Tokens:
    return Tokens([KEY])


@pikku_service
def api_keys() -> StaticTokens:
    return StaticTokens({"ci": "the-key-of-the-ci"})


@pikku_service
def cookie_signer() -> Signer:
    return Signer(["s" * 32])


@pikku_service
def session_store() -> SessionStore:
    return MemorySessionStore()


@asynccontextmanager
async def site(*middleware: Middleware, **instances: Any) -> AsyncGenerator[AsyncClient]:
    declarations = [
        global_middleware(middleware),
        wire_http(method="post", route="/orders", func=order),
        wire_http(method="post", route="/login", func=login),
        wire_http(method="get", route="/me", func=me),
    ]
    services = [tokens, api_keys, cookie_signer, session_store, system_clock]
    app = App(declarations, services=services, instances=instances)
    async with app, client_of(app, base_url="https://site.test") as client:
        yield client


ALL = [csrf(), stored_session(Session), bearer(session_of, realm="shop"), api_key(session_of)]
TOKEN = {"authorization": f"Bearer {Tokens([KEY]).issue('ada')}"}
CI = {"x-api-key": "the-key-of-the-ci"}


async def test_each_way_is_open_and_a_stranger_is_told_all_of_them() -> None:
    async with site(*ALL) as client:
        for headers, user in (TOKEN, "ada"), (CI, "ci"):
            assert (await client.get("/me", headers=headers)).json()["user"] == user
        answer = await client.get("/me")
        challenges = 'Cookie, Bearer realm="shop", ApiKey'
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, challenges)
        await client.post("/login", json="jane")
        assert (await client.get("/me")).json()["user"] == "jane"


async def test_the_first_that_finds_a_session_wins_and_the_others_look_at_nothing() -> None:
    async with site(*ALL) as client:
        answer = await client.get("/me", headers=TOKEN | {"x-api-key": "a guess"})
        assert answer.json()["user"] == "ada"
        await client.post("/login", json="jane")
        answer = await client.get("/me", headers={"authorization": "Bearer forged", **CI})
        assert answer.json()["user"] == "jane"


async def test_a_wrong_token_is_refused_although_a_key_would_do() -> None:
    async with site(*ALL) as client:
        answer = await client.get("/me", headers={"authorization": "Bearer forged", **CI})
        assert answer.status_code == 401
        assert "invalid_token" in answer.headers["www-authenticate"]


@pytest.mark.parametrize("body", ["{", "{}", '{"count": "x"}', '{"count": 1}'])
async def test_a_stranger_learns_nothing_of_the_data(body: str) -> None:
    asked.clear()
    async with site(*ALL) as client:
        sent = {"content-type": "application/json"}
        for headers in sent, {"content-type": "text/plain"}, sent | {"authorization": "Bearer x"}:
            answer = await client.post("/orders", content=body, headers=headers)
            assert answer.status_code == 401
            assert "count" not in answer.text
    assert asked == []


async def test_a_permission_is_asked_of_who_is_known_with_data_that_is_good() -> None:
    asked.clear()
    async with site(*ALL) as client:
        for headers, count, status in (TOKEN, "x", 422), (TOKEN, 1, 200), (CI, 2, 403):
            answer = await client.post("/orders", json={"count": count}, headers=headers)
            assert answer.status_code == status
    assert asked == ["ada 1", "ci 2"]


@pytest.mark.parametrize("factory", [cookie_session, stored_session])
async def test_a_change_of_a_session_that_no_cookie_brought_is_lost_and_logged(
    factory: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with site(bearer(session_of), factory(Session)) as client:
        answer = await client.post("/login", json="jane", headers=TOKEN)
        assert (answer.status_code, "set-cookie" in answer.headers) == (204, False)
    assert [one.getMessage().partition(",")[0] for one in caplog.records] == [
        'The session that "http:post:/login" has changed came from no cookie'
    ]


async def test_of_two_cookies_the_one_that_brought_the_session_is_written(
    caplog: pytest.LogCaptureFixture,
) -> None:
    both = [stored_session(Session), cookie_session(Session, name="second")]
    async with site(*both) as client:
        for user in ("ada", "jane"):
            await client.post("/login", json=user)
            assert (await client.get("/me")).json()["user"] == user
    assert caplog.records == []


@pytest.mark.parametrize("factory", [cookie_session, stored_session])
async def test_middleware_that_changes_the_session_afterwards_has_it_kept(factory: Any) -> None:
    @pikku_middleware
    async def counting(next: Next, *, sessions: Sessions[Session]) -> object:
        result = await next()
        current = sessions.current
        if current is not None:
            sessions.set(current.model_copy(update={"seen": current.seen + 1}))
        return result

    async with site(factory(Session), counting) as client:
        await client.post("/login", json="ada")
        seen = [(await client.get("/me")).json()["seen"] for _ in range(3)]
        assert seen == [1, 2, 3]


@pytest.mark.parametrize("factory", [cookie_session, stored_session])
async def test_applications_that_share_a_middleware_share_no_session(factory: Any) -> None:
    shared: Middleware = factory(Session)
    async with AsyncExitStack() as stack:
        shop, blog = [
            await stack.enter_async_context(site(shared, cookie_signer=Signer([secret * 32])))
            for secret in "sb"
        ]
        await shop.post("/login", json="ada")
        cookie = {"cookie": f"__Host-session={shop.cookies['__Host-session']}"}
        assert (await blog.get("/me", headers=cookie)).status_code == 401
        assert (await shop.get("/me")).json()["user"] == "ada"


async def test_stores_of_their_own_keep_applications_with_one_secret_apart() -> None:
    shared = stored_session(Session)
    async with site(shared) as shop, site(shared) as blog:
        await shop.post("/login", json="ada")
        cookie = {"cookie": f"__Host-session={shop.cookies['__Host-session']}"}
        assert (await blog.get("/me", headers=cookie)).status_code == 401
        assert (await shop.get("/me")).status_code == 200


async def test_a_request_of_another_site_is_refused_before_its_cookie_is_looked_at() -> None:
    class Unread(MemorySessionStore):
        async def get(self, key: str) -> bytes | None:
            raise AssertionError(key)

    async with site(*ALL, session_store=Unread()) as client:
        await client.post("/login", json="ada")
        evil = {"origin": "https://evil.test", "sec-fetch-site": "cross-site"}
        answer = await client.post("/orders", json={"count": 1}, headers=evil)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross_site")
