"""Whatever a client sends in its headers, through the whole application: an answer of its own kind, never a 500."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from pikku_core import App, global_middleware, pikku_service, pikku_sessionless_func
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
from pikku_http import (
    HttpApplication,
    api_key,
    bearer,
    cookie_session,
    csrf,
    stored_session,
    wire_http,
)
from pikku_http.http.auth.session_cookie import TIMES

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = TokenKey(value="k" * 32)
NAMES = [b"authorization", b"cookie", b"x-api-key", b"origin", b"sec-fetch-site", b"host"]
STARTS = [b"", b"Bearer ", b"__Host-session=", b"other=", b"https://"]
NOW = int(time.time())
GENUINE = [
    Tokens([KEY]).issue("ada").encode(),
    Signer(["s" * 32])
    .sign(TIMES.pack(NOW, NOW) + b"ada", purpose="__Host-session", lifetime=60)
    .encode(),
]
VALUES = st.tuples(st.sampled_from(STARTS), st.binary() | st.sampled_from(GENUINE)).map(b"".join)


class Session(BaseModel):
    user: str


def session_of(claims: Claims) -> Session:
    return Session(user=claims["sub"])


@pikku_sessionless_func
async def ping() -> str:
    return "pong"


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


class Answer(Protocol):
    """The status of the answer to a request with headers and a query string."""

    def __call__(self, headers: list[tuple[bytes, bytes]], query: bytes) -> int: ...


@pytest.fixture(scope="module")
def answer() -> Iterator[Answer]:
    middleware = [
        csrf(),
        stored_session(Session),
        cookie_session(Session, name="other"),
        bearer(session_of),
        api_key(session_of, header="x-api-key", query="key"),
    ]
    declarations = [global_middleware(middleware), wire_http(method="post", route="/", func=ping)]
    app = App(declarations, services=[tokens, api_keys, cookie_signer, session_store, system_clock])
    with asyncio.Runner() as runner:
        runner.run(app.start())
        application = HttpApplication(app)
        application.open()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        def ask(headers: list[tuple[bytes, bytes]], query: bytes) -> int:
            sent: list[Any] = []

            async def send(message: Any) -> None:
                sent.append(message)

            scope = {
                "type": "http",
                "method": "POST",
                "path": "/",
                "raw_path": b"/",
                "query_string": query,
                "headers": headers,
                "scheme": "http",
                "client": None,
            }
            runner.run(application(scope, receive, send))
            status: int = sent[0]["status"]
            return status

        yield ask
        runner.run(app.stop())


def test_a_plain_request_is_answered(answer: Answer) -> None:
    assert answer([], b"") == 200
    assert answer([(b"x-api-key", b"the-key-of-the-ci")], b"") == 200
    assert answer([(b"authorization", b"Bearer " + GENUINE[0])], b"") == 200


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    headers=st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=5),
    query=st.binary() | st.binary().map(lambda text: b"key=" + text),
)
def test_no_bytes_make_an_error_of_the_server(
    answer: Answer, headers: list[tuple[bytes, bytes]], query: bytes
) -> None:
    assert answer(headers, query) in {200, 401, 403}
