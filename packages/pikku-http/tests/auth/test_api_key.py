"""API keys: where they are looked for, and that all that is none is refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core import DeclarationError, UnauthorizedError
from pikku_core.services import Claims, StaticTokens
from pikku_core.testing import FakeSessions
from pikku_http import api_key
from pikku_http.testing import FakeHttp

pytestmark = pytest.mark.anyio

CI, CRON = "the-key-of-the-ci", "the-key-of-the-cron"
KEYS = StaticTokens({"ci": CI, "cron": CRON})


def user_of(claims: Claims) -> str:
    user: str = claims["sub"]
    return user


async def done() -> str:
    return "done"


async def ask(
    headers: dict[str, str] | None = None, text: str = "", session: Any = None, **options: Any
) -> tuple[Any, FakeHttp]:
    """The session that a request is given, and what was set for its answer; `text` is its query string."""
    sessions, http = FakeSessions[Any](session), FakeHttp(headers=headers, query=text)
    await api_key(user_of, **options)(done, api_keys=KEYS, sessions=sessions, http=http)
    return sessions.current, http


async def test_a_key_in_a_header_says_who_calls() -> None:
    assert (await ask({"x-api-key": CI}))[0] == "ci"
    assert (await ask({"key": CI}, header="Key"))[0] == "ci"


async def test_a_key_in_the_query_string_says_who_calls() -> None:
    assert (await ask(text=f"a=1&key={CI}", query="key"))[0] == "ci"
    assert (await ask(text="key=the%2Dkey%2Dof%2Dthe%2Dci", query="key"))[0] == "ci"


async def test_a_key_is_looked_for_nowhere_else() -> None:
    assert (await ask({"x-api-key": CI}, query="key"))[0] is None
    assert (await ask(text=f"x-api-key={CI}&key={CI}"))[0] is None


async def test_the_header_counts_where_there_are_both() -> None:
    both = await ask({"x-api-key": CI}, f"key={CRON}", header="x-api-key", query="key")
    assert both[0] == "ci"


async def test_who_sends_no_key_passes_and_may_be_challenged() -> None:
    session, http = await ask()
    assert (session, http.challenges) == (None, ("ApiKey",))


@pytest.mark.parametrize("key", ["", "guess", f"{CI}, {CI}", f"{CI} ", "\xff"])
async def test_another_key_is_refused(key: str) -> None:
    with pytest.raises(UnauthorizedError) as caught:
        await ask({"x-api-key": key})
    assert caught.value.challenge == (
        'ApiKey error="invalid_token", error_description="The token is not valid."'
    )


@pytest.mark.parametrize("text", ["key=", f"key={CI}&key={CRON}", f"key={CI}&key="])
async def test_a_parameter_that_is_no_one_key_is_refused(text: str) -> None:
    with pytest.raises(UnauthorizedError):
        await ask(text=text, query="key")


async def test_the_first_session_counts() -> None:
    assert (await ask({"x-api-key": "forged"}, session="a cookie's"))[0] == "a cookie's"


async def test_without_http_it_does_nothing() -> None:
    sessions = FakeSessions[Any]()
    assert await api_key(user_of)(done, api_keys=KEYS, sessions=sessions) == "done"
    assert sessions.current is None


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"header": "a b"}, "no name of a header"),
        ({"header": ""}, "no name"),
        ({"query": ""}, "empty"),
    ],
)
def test_what_could_not_be_found_is_refused(options: dict[str, str], reason: str) -> None:
    with pytest.raises(DeclarationError, match=reason):
        api_key(user_of, **options)


@given(st.binary(), st.binary())
def test_whatever_the_bytes_are_there_is_no_other_error(value: bytes, query: bytes) -> None:
    header = {"x-api-key": value.decode("latin-1")}
    for headers, text in (header, ""), ({}, query.decode("latin-1")):
        try:
            session, _ = asyncio.run(ask(headers, text, header="x-api-key", query="key"))
        except UnauthorizedError:
            continue
        assert session is None
