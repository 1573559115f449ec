"""Bearer tokens: who is let in, who is not, and what is said then."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pikku_core import DeclarationError, UnauthorizedError
from pikku_core.services import Claims, StaticTokens, TokenKey, Tokens
from pikku_core.testing import FakeSessions, MovableClock
from pikku_http import bearer
from pikku_http.testing import FakeHttp

if TYPE_CHECKING:
    from pikku_core.services import TokenReader

pytestmark = pytest.mark.anyio

KEY = TokenKey(value="k" * 32)
FIXED = "a-long-random-token"


def user_of(claims: Claims) -> str:
    user: str = claims["sub"]
    return user


def tokens(clock: MovableClock | None = None) -> Tokens:
    return Tokens([KEY], clock=clock or MovableClock())


async def done() -> str:
    return "done"


async def ask(
    authorization: str | None,
    *,
    reader: TokenReader | None = None,
    session: Any = None,
    session_of: Any = user_of,
    **options: Any,
) -> tuple[Any, FakeHttp]:
    """The session that a request is given, and what was set for its answer."""
    headers = {} if authorization is None else {"authorization": authorization}
    sessions, http = FakeSessions[Any](session), FakeHttp(headers=headers)
    await bearer(session_of, **options)(
        done, tokens=reader or tokens(), sessions=sessions, http=http
    )
    return sessions.current, http


async def challenge_of(authorization: str, **options: Any) -> str:
    with pytest.raises(UnauthorizedError) as caught:
        await ask(authorization, **options)
    assert caught.value.status == 401
    return caught.value.challenge


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer "])
async def test_a_token_says_who_calls(scheme: str) -> None:
    session, _ = await ask(f"{scheme} {tokens().issue('ada')}")
    assert session == "ada"


async def test_a_fixed_token_says_who_calls() -> None:
    session, _ = await ask(f"Bearer {FIXED}", reader=StaticTokens({"ci": FIXED}))
    assert session == "ci"


@pytest.mark.parametrize("authorization", [None, "", "Basic dXNlcjpwYXNz", "Bearerabc"])
async def test_who_sends_no_such_token_passes_and_may_be_challenged(
    authorization: str | None,
) -> None:
    session, http = await ask(authorization, realm="shop")
    assert session is None
    assert http.challenges == ('Bearer realm="shop"',)


async def test_an_ended_token_is_told_from_a_wrong_one() -> None:
    clock = MovableClock()
    token = tokens(clock).issue("ada", lifetime=timedelta(seconds=5))
    clock.move(5)
    assert await challenge_of(f"Bearer {token}", reader=tokens(clock)) == (
        'Bearer error="invalid_token", error_description="The token has expired."'
    )
    assert await challenge_of("Bearer abc", realm="shop") == (
        'Bearer realm="shop", error="invalid_token", error_description="The token is not valid."'
    )


@pytest.mark.parametrize("token", ["", " ", "a b", "a,b", "a, Bearer b", "ü", "a=b", '"a"'])
async def test_what_is_no_token_is_refused(token: str) -> None:
    assert "invalid_token" in await challenge_of(
        f"Bearer {token}", reader=StaticTokens({"ci": FIXED})
    )


async def test_the_first_session_counts() -> None:
    session, http = await ask("Bearer forged", session="from a cookie")
    assert (session, http.challenges) == ("from a cookie", ())


async def test_without_http_it_does_nothing() -> None:
    sessions = FakeSessions[Any]()
    middleware = bearer(user_of)
    assert await middleware(done, tokens=tokens(), sessions=sessions) == "done"
    assert sessions.current is None


async def test_another_scheme_stands_before_the_token() -> None:
    token = tokens().issue("ada")
    assert (await ask(f"token {token}", scheme="Token"))[0] == "ada"
    assert (await ask(f"Bearer {token}", scheme="Token"))[0] is None


def refuses(claims: Claims) -> None:
    assert claims["sub"] == "ada"


def tenant_of(claims: Claims) -> Any:
    return claims["tenant"]


@pytest.mark.parametrize("session_of", [refuses, tenant_of])
async def test_claims_that_name_nobody_make_no_session(session_of: Any) -> None:
    token = tokens().issue("ada")
    assert "invalid_token" in await challenge_of(f"Bearer {token}", session_of=session_of)


async def test_an_error_of_the_project_itself_is_not_hidden() -> None:
    def broken(claims: Claims) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await ask(f"Bearer {tokens().issue('ada')}", session_of=broken)


async def test_an_awaitable_does_not_pass_for_a_session() -> None:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def later(claims: Claims) -> Any:
        return future

    with pytest.raises(DeclarationError, match="returned an awaitable"):
        await ask(f"Bearer {tokens().issue('ada')}", session_of=later)


async def test_a_reason_that_would_break_the_header_is_left_out() -> None:
    from pikku_core.services import InvalidTokenError

    class Odd:
        def read(self, token: str) -> Claims:
            assert token == "a"
            raise InvalidTokenError('It is "odd".\r\nset-cookie: a=b')

    assert await challenge_of("Bearer a", reader=Odd()) == 'Bearer error="invalid_token"'


@pytest.mark.parametrize(
    ("options", "reason"),
    [({"scheme": "a b"}, "no word"), ({"scheme": ""}, "no word"), ({"realm": '"'}, "in quotes")],
)
def test_what_cannot_stand_in_a_header_is_refused(options: dict[str, str], reason: str) -> None:
    with pytest.raises(DeclarationError, match=reason):
        bearer(user_of, **options)


def test_an_async_maker_of_sessions_is_refused() -> None:
    async def later(claims: Claims) -> str:
        return ""

    with pytest.raises(DeclarationError, match='"bearer" was given the async function'):
        bearer(later)


@given(st.binary())
@example(b"Bearer " + base64.b64encode(b'{"alg":"none"}') + b"..")
@example(b"Bearer " + b"." * 200_000)
def test_whatever_the_bytes_are_there_is_no_other_error(value: bytes) -> None:
    for authorization in (value, b"Bearer " + value):
        try:
            session, _ = asyncio.run(ask(authorization.decode("latin-1")))
        except UnauthorizedError:
            continue
        assert session is None
