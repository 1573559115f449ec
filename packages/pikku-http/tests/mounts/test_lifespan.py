"""The lifespans of what is mounted, and of an application that is mounted elsewhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator  # noqa: TC003 - an App reads annotations
from typing import TYPE_CHECKING

import pytest
from httpx2 import AsyncClient

from pikku_core import App, ServiceStartError, pikku_service, pikku_sessionless_func
from pikku_http import HttpApplication, http_mount, wire_http
from pikku_http.http.mounts import lifespan
from pikku_http.http.mounts.lifespan import MountStartError
from pikku_http.testing import client_of
from pikku_http.testing.client import Transport

if TYPE_CHECKING:
    from pikku_http.http.asgi import ASGIApp, Message, Receive, Scope, Send

pytestmark = pytest.mark.anyio

SEEN: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    SEEN.clear()


class Database: ...


@pikku_service
def database() -> Iterator[Database]:
    SEEN.append("database started")
    yield Database()
    SEEN.append("database stopped")


@pikku_sessionless_func
async def hello(*, database: Database) -> str:
    return "hello"


HELLO = wire_http(method="get", route="/hello", func=hello)


def legacy(name: str, *, fails_at: str = "", error: bool = False) -> ASGIApp:
    """An application that says when it starts and stops, and answers with what it keeps."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            return await answer(send, scope["state"]["kept"])
        for event in ("startup", "shutdown"):
            assert await receive() == {"type": f"lifespan.{event}"}
            if event == fails_at:
                message = "Traceback …\n  File …\nOSError: no disk\n"
                await send({"type": f"lifespan.{event}.failed", "message": message})
                if error:
                    raise OSError("no disk")
                return None
            SEEN.append(f"{name} {event}")
            scope["state"]["kept"] = f"kept by {name}"
            await send({"type": f"lifespan.{event}.complete"})
        return None

    return app


async def answer(send: Send, text: str) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": text.encode()})


def application(*mounts: ASGIApp) -> HttpApplication:
    declared = [http_mount(f"/{number}", app) for number, app in enumerate(mounts)]
    return HttpApplication(App([HELLO, *declared], services=[database]))


async def test_it_starts_after_the_services_and_stops_before_them() -> None:
    async with application(legacy("one"), legacy("two")).running():
        assert SEEN == ["database started", "one startup", "two startup"]
        SEEN.clear()
    assert SEEN == ["two shutdown", "one shutdown", "database stopped"]


async def test_what_it_keeps_is_there_for_its_requests() -> None:
    app = App([http_mount("/one", legacy("one"))])
    async with app, client_of(app) as http:
        assert (await http.get("/one")).text == "kept by one"


@pytest.mark.parametrize("error", [False, True])
async def test_one_that_fails_is_named_and_everything_before_it_is_stopped(error: bool) -> None:
    failing = application(legacy("one"), legacy("two", fails_at="startup", error=error))
    with pytest.raises(MountStartError, match='mounted at "/1" did not start: OSError: no disk'):
        async with failing.running():
            raise AssertionError
    assert SEEN == ["database started", "one startup", "one shutdown", "database stopped"]


async def test_one_that_does_not_stop_is_logged_and_the_rest_stop(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with application(legacy("one"), legacy("two", fails_at="shutdown")).running():
        SEEN.clear()
    assert SEEN == ["one shutdown", "database stopped"]
    assert 'mounted at "/1" did not stop properly: OSError: no disk' in caplog.text


async def raises(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise ValueError("I do not know lifespans.")
    await answer(send, "raised")


async def returns(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await answer(send, "returned")


async def test_one_without_a_lifespan_is_served(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pikku.http")
    app = App([http_mount("/raises", raises), http_mount("/returns", returns)])
    async with app, client_of(app) as http:
        assert (await http.get("/raises")).text == "raised"
        assert (await http.get("/returns")).text == "returned"
    assert '"/raises" has no lifespan (ValueError: I do not know lifespans.' in caplog.text


async def exits(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.failed"})
    raise SystemExit("no disk")


async def test_one_that_exits_ends_nothing_else() -> None:
    with pytest.raises(MountStartError, match="SystemExit: no disk"):
        async with application(exits).running():
            raise AssertionError


async def test_a_start_that_is_cancelled_leaves_nothing_behind() -> None:
    begun = asyncio.Event()

    async def waits(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def run() -> None:
        async with application(waits).running():
            raise AssertionError

    task = asyncio.create_task(run())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert SEEN == ["database started", "database stopped"]
    assert [one for one in asyncio.all_tasks() if "lifespan" in one.get_name()] == []


async def test_without_its_lifespan_a_mount_answers_500_and_says_why(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = App([http_mount("/one", legacy("one"))])
    async with app:
        opened = HttpApplication(app)
        opened.open()
        assert await status_of(opened, "/one") == 500
    assert 'mounted at "/one" was not started' in caplog.text


async def test_an_application_that_is_not_open_says_what_is_to_be_done(
    caplog: pytest.LogCaptureFixture,
) -> None:
    closed = application()
    assert await status_of(closed, "/hello") == 500
    assert "async with application.running()" in caplog.text
    async with closed.running():
        assert await status_of(closed, "/hello") == 200
    assert await status_of(closed, "/hello") == 500


class Server:
    """A server that runs the lifespan of an application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._asked: asyncio.Queue[Message] = asyncio.Queue()
        self.said: list[Message] = []

    async def run(self) -> None:
        async def send(message: Message) -> None:
            self.said.append(message)

        self._asked.put_nowait({"type": "lifespan.startup"})
        self._asked.put_nowait({"type": "lifespan.shutdown"})
        await self._app({"type": "lifespan"}, self._asked.get, send)


async def test_a_server_starts_and_stops_everything() -> None:
    server = Server(application(legacy("one")))
    await server.run()
    assert [one["type"] for one in server.said] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    assert SEEN == ["database started", "one startup", "one shutdown", "database stopped"]


async def test_a_server_is_told_why_a_mount_did_not_start() -> None:
    server = Server(application(legacy("one", fails_at="startup")))
    await server.run()
    (said,) = server.said
    assert said["type"] == "lifespan.startup.failed"
    assert 'mounted at "/0" did not start: OSError: no disk' in said["message"]
    assert SEEN == ["database started", "database stopped"]


@pikku_service
def broken() -> Database:
    raise OSError("no disk")


@pikku_sessionless_func
async def needs_broken(*, broken: Database) -> str:
    return "never"


async def test_where_a_service_does_not_start_nothing_that_is_mounted_does() -> None:
    wiring = wire_http(method="get", route="/broken", func=needs_broken)
    app = App([wiring, http_mount("/one", legacy("one"))], services=[broken])
    with pytest.raises(ServiceStartError):
        async with HttpApplication(app).running():
            raise AssertionError
    assert SEEN == []


async def status_of(app: ASGIApp, path: str) -> int:
    async with AsyncClient(transport=Transport(app), base_url="http://test") as http:
        return (await http.get(path)).status_code


async def test_a_server_that_breaks_off_leaves_nothing_running() -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    events = iter([{"type": "lifespan.startup"}])

    async def receive() -> Message:
        for event in events:
            return event
        await asyncio.Event().wait()
        raise AssertionError("nothing is ever said")

    async def send(message: Message) -> None:
        said.put_nowait(message["type"])

    serving = asyncio.create_task(application()({"type": "lifespan"}, receive, send))
    assert await said.get() == "lifespan.startup.complete"
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert SEEN == ["database started", "database stopped"]


async def test_a_server_that_cannot_be_told_leaves_nothing_running() -> None:
    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        raise OSError("nobody listens")

    with pytest.raises(OSError, match="nobody listens"):
        await application()({"type": "lifespan"}, receive, send)
    assert SEEN == ["database started", "database stopped"]


async def test_the_log_says_what_a_start_waits_for(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifespan, "SLOW", 0)

    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await asyncio.sleep(0)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async with application(late).running():
        assert caplog.messages == [lifespan.WAITS % "/0"]
