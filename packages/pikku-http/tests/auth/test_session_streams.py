"""Sessions that streams change: in time they are kept, too late is an error in the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator  # noqa: TC003 -- functions are read at run time
from typing import TYPE_CHECKING

import pytest

from pikku_core import (
    App,
    NotFoundError,
    Rpc,
    ServiceUnavailableError,
    Sessions,
    pikku_sessionless_func,
)
from pikku_core.services import MemorySessionStore
from pikku_http import EventChannel, Http, cookie_session, stored_session, wire_http
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Site, SiteOf

    from pikku_core import Middleware

pytestmark = pytest.mark.anyio

COOKIE = "__Host-session"


@pikku_sessionless_func
async def stream(data: str, *, sessions: Sessions[dict[str, str]]) -> AsyncIterator[str]:
    for word in data.split():
        if word == "in":
            sessions.set({"user": "ada", "note": ""})
        elif word == "out":
            sessions.clear()
        elif word == "fail":
            raise NotFoundError
        else:
            yield word


@pikku_sessionless_func
def sync_stream(data: str, *, sessions: Sessions[dict[str, str]]) -> Iterator[str]:
    sessions.set({"user": "ada", "note": ""})
    yield data


@pikku_sessionless_func
async def push(data: str, *, channel: EventChannel[str], sessions: Sessions[dict[str, str]]) -> str:
    for word in data.split():
        if word == "in":
            sessions.set({"user": "ada", "note": ""})
        elif word == "out":
            sessions.clear()
        else:
            await channel.send(word)
    return "done"


WIRINGS = [
    wire_http(method="post", route="/lines", func=stream),
    wire_http(method="post", route="/sync", func=sync_stream),
    wire_http(method="post", route="/events", func=stream, sse=True),
    wire_http(method="post", route="/push", func=push, sse=True),
]
EVENTS = {"accept": "text/event-stream"}
WAYS: list[tuple[str, dict[str, str]]] = [
    ("/lines", {}),
    ("/events", EVENTS),
    ("/events", {}),
    ("/push", EVENTS),
    ("/push", {}),
]


@pytest.mark.parametrize(("route", "headers"), WAYS)
async def test_a_login_before_the_first_item_is_kept(
    site: Site, route: str, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    async with site.client(WIRINGS) as client:
        answer = await client.post(route, json="in a b", headers=headers)
        assert (answer.status_code, COOKIE in answer.cookies) == (200, True)
        assert (await client.get("/me")).json() == "ada"
    assert caplog.records == []


async def test_a_login_of_a_stream_that_runs_in_a_thread_is_kept(site: Site) -> None:
    async with site.client(WIRINGS) as client:
        await client.post("/sync", json="a")
        assert (await client.get("/me")).json() == "ada"


@pytest.mark.parametrize(("route", "headers"), WAYS[:3])
async def test_a_logout_before_the_first_item_is_kept(
    site: Site, route: str, headers: dict[str, str]
) -> None:
    async with site.client(WIRINGS) as client:
        await client.post("/login", json={"user": "ada"})
        answer = await client.post(route, json="out a", headers=headers)
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert (await client.get("/me")).status_code == 401


@pytest.mark.parametrize(("route", "headers"), WAYS[:3])
async def test_a_stream_without_items_keeps_its_login(
    site: Site, route: str, headers: dict[str, str]
) -> None:
    async with site.client(WIRINGS) as client:
        await client.post(route, json="in", headers=headers)
        assert (await client.get("/me")).json() == "ada"


@pytest.mark.parametrize(("route", "headers"), [WAYS[0], WAYS[1], WAYS[3]])
@pytest.mark.parametrize("words", ["a in b", "in a out in out in b", "in a out"])
async def test_a_change_after_the_first_item_is_an_error_in_the_log(
    site_of: SiteOf,
    route: str,
    headers: dict[str, str],
    words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with site_of(cookie_session).client(WIRINGS) as client:
        answer = await client.post(route, json=words, headers=headers)
        assert (answer.status_code, COOKIE in answer.cookies) == (200, words.startswith("in"))
        assert "a" in answer.text
    lost = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    changes = words.partition("a")[2] != " out in out in b"
    assert lost == ([LOST.format(route=route)] if changes else [])


LOST = (
    'The session was changed after the headers of the stream of "http:post:{route}" had been sent: that is lost. Change it '
    "before the first item."
)


async def test_a_stored_session_ends_in_the_middle_of_a_stream(
    site_of: SiteOf, caplog: pytest.LogCaptureFixture
) -> None:
    site = site_of(stored_session)
    async with site.client(WIRINGS) as client:
        for words in ("in a out", "a out"):
            await client.post("/login", json={"user": "ada"})
            await client.post("/lines", json=words)
            assert len(site.store) == 0
            assert (await client.get("/me")).status_code == 401
    assert caplog.records == []


async def test_a_login_in_the_middle_of_a_stream_is_lost_and_logged(
    site_of: SiteOf, caplog: pytest.LogCaptureFixture
) -> None:
    site = site_of(stored_session)
    async with site.client(WIRINGS) as client:
        await client.post("/lines", json="a in")
        assert len(site.store) == 0
    assert [one.getMessage() for one in caplog.records] == [LOST.format(route="/lines")]


async def test_a_stream_that_fails_before_its_first_item_leaves_no_session(site: Site) -> None:
    async with site.client(WIRINGS) as client:
        answer = await client.post("/lines", json="in fail")
        assert (answer.status_code, "set-cookie" in answer.headers) == (404, False)


@pytest.mark.parametrize(("route", "headers"), WAYS)
async def test_a_store_that_is_away_when_the_stream_opens_is_answered(
    site_of: SiteOf, route: str, headers: dict[str, str]
) -> None:
    class Away(MemorySessionStore):
        async def set(self, key: str, session: bytes, *, ttl: float) -> None:
            raise ServiceUnavailableError(f"{key} {session!r} {ttl}", retry_after=5)

    site = site_of(stored_session)
    site.store = Away()
    async with site.client(WIRINGS) as client:
        answer = await client.post(route, json="in a", headers=headers)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "set-cookie" not in answer.headers


@pikku_sessionless_func
async def wait(*, sessions: Sessions[dict[str, str]]) -> AsyncIterator[str]:
    sessions.set({"user": "ada", "note": ""})
    await asyncio.Event().wait()
    yield ""


async def test_a_login_is_kept_where_time_opens_the_stream(site: Site) -> None:
    route = wire_http(method="get", route="/wait", func=wait, sse=True)
    async with (
        site.client([route], heartbeat=0.01) as client,
        client.stream("GET", "/wait", headers=EVENTS) as answer,
    ):
        assert COOKIE in answer.cookies


async def test_a_store_that_is_away_when_time_opens_the_stream_is_answered(
    site_of: SiteOf,
) -> None:
    class Broken(MemorySessionStore):
        async def set(self, key: str, session: bytes, *, ttl: float) -> None:
            raise OSError(f"{key} {session!r} {ttl}")

    site = site_of(stored_session)
    site.store = Broken()
    route = wire_http(method="get", route="/wait", func=wait, sse=True)
    async with site.client([route], heartbeat=0.01) as client:
        assert (await client.get("/wait", headers=EVENTS)).status_code == 500


@pikku_sessionless_func
async def late(*, http: Http) -> AsyncIterator[str]:
    http.set_header("x-first", "1")
    yield "a"
    http.set_header("x-late", "1")
    http.add_header("x-later", "1")
    http.set_cookie("c", "1")
    http.status = 201


async def test_a_header_that_is_set_too_late_is_an_error_in_the_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    route = wire_http(method="get", route="/late", func=late)
    async with site.client([route]) as client:
        answer = await client.get("/late")
        assert (answer.status_code, answer.headers["x-first"]) == (200, "1")
        assert {"x-late", "x-later", "set-cookie"}.isdisjoint(answer.headers)
    found = [one.getMessage().partition(" was set after")[0] for one in caplog.records]
    assert found == ['The header "x-late"', 'The header "x-later"', 'The cookie "c"', "The status"]


@pikku_sessionless_func
async def sets(*, http: Http) -> str:
    http.set_header("x-late", "1")
    return "b"


@pikku_sessionless_func
async def calls(*, rpc: Rpc) -> AsyncIterator[str]:
    yield "a"
    yield await rpc.sets()


async def test_a_header_that_a_call_within_a_stream_sets_is_an_error_in_the_log_too(
    caplog: pytest.LogCaptureFixture,
) -> None:
    route = wire_http(method="get", route="/", func=calls)
    async with App([route], functions=[sets]) as app, client_of(app) as client:
        assert (await client.get("/")).text == '"a"\n"b"\n'
    assert [one.getMessage()[:19] for one in caplog.records] == ['The header "x-late"']


def test_each_kind_is_tried(factory: Callable[..., Middleware]) -> None:
    assert factory in {cookie_session, stored_session}
