"""What says whether the process lives, and whether it takes requests."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, cast

import pytest
from httpx2 import AsyncClient, Response
from pydantic import BaseModel

from pikku_core import App, DeclarationError, pikku_service, pikku_sessionless_func
from pikku_http import HttpApplication, HttpLayer, HttpOptions, http_readiness, wire_http
from pikku_http.http.health.readiness import Check
from pikku_http.testing import client_of
from pikku_http.testing.client import Transport

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager
    from typing import TypeAlias

    from pikku_core import Declaration
    from pikku_http.http.layers.layer import LayerContext
    from pikku_http.http.runner import Handle

    Serve: TypeAlias = Callable[..., AbstractAsyncContextManager[AsyncClient]]


pytestmark = pytest.mark.anyio


class Database:
    async def ping(self) -> None: ...


@pikku_service
def database() -> Database:
    return Database()


@pikku_sessionless_func
async def count(*, database: Database) -> int:
    return 1


@pikku_sessionless_func
async def own() -> str:
    return "own"


class Named(BaseModel):
    tenant: str


@pikku_sessionless_func
async def named(data: Named) -> str:
    return data.tenant


COUNT = wire_http(method="get", route="/count", func=count)
OWN = wire_http(method="get", route="/healthz", func=own)


async def answers(database: Database) -> None:
    await database.ping()


def says_no(database: Database) -> bool:
    return False


async def fails(database: Database) -> None:
    raise OSError("the password is x")


async def waits(database: Database) -> None:
    await asyncio.Event().wait()


def gives_to_await(check: Callable[[Database], Awaitable[None]]) -> Callable[[Database], Any]:
    """A check that is no coroutine function and gives what one would."""
    return lambda database: check(database)  # noqa: PLW0108 - which is what makes the difference


def leaves(database: Database) -> None:
    raise SystemExit(3)


class Asking:
    """A check that is async without being a coroutine function."""

    async def __call__(self, database: Database | None) -> bool:
        return database is None


async def asked(application: HttpApplication, path: str) -> Response:
    async with AsyncClient(transport=Transport(application), base_url="http://test") as http:
        return await http.get(path)


async def readiness(*declared: Declaration) -> tuple[int, Any]:
    app = App([COUNT, *declared], services=[database])
    async with app, client_of(app) as http:
        answer = await http.get("/readyz")
        return answer.status_code, answer.json()


async def test_a_process_that_lives_says_so(serve: Serve) -> None:
    async with serve() as http:
        answer = await http.get("/healthz")
        assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
        assert answer.headers["cache-control"] == "no-store"
        assert (await http.head("/healthz")).content == b""
        assert (await http.post("/healthz")).headers["allow"] == "GET, HEAD, OPTIONS"


async def test_the_paths_can_be_moved_and_turned_off(serve: Serve) -> None:
    async with serve(health="", readiness="/ready") as http:
        assert (await http.get("/healthz")).status_code == 404
        assert (await http.get("/readyz")).status_code == 404
        assert (await http.get("/ready")).status_code == 200


async def test_a_route_that_is_declared_there_wins(serve: Serve) -> None:
    async with serve(OWN) as http:
        assert (await http.get("/healthz")).json() == "own"


async def test_a_route_with_parameters_leaves_them_alone(serve: Serve) -> None:
    async with serve(wire_http(method="get", route="/{tenant}", func=named)) as http:
        assert (await http.get("/healthz")).json() == {"status": "alive"}
        assert (await http.get("/readyz")).json() == {"status": "ready"}
        assert (await http.get("/acme")).json() == "acme"


def test_one_path_for_both_is_refused() -> None:
    with pytest.raises(DeclarationError, match='Both "health" and "readiness" of HTTP are "/up"'):
        HttpApplication(App([COUNT]), HttpOptions(health="/up", readiness="/up"))


class Refuses(HttpLayer):
    """A layer that lets nobody through."""

    def layer(self, context: LayerContext) -> Refuses:
        del context
        return self

    def around(self, handle: Handle, route: str) -> Handle:
        raise AssertionError(handle, route)


async def test_nothing_stands_before_them(serve: Serve) -> None:
    async with serve(Refuses()) as http:
        assert (await http.get("/healthz")).status_code == 200
        assert (await http.get("/readyz")).status_code == 200


async def test_it_is_ready_while_it_is_open_and_does_not_drain() -> None:
    application = HttpApplication(App([COUNT], services=[database]))
    assert (await asked(application, "/healthz")).status_code == 200
    assert (await asked(application, "/readyz")).status_code == 503
    async with application.running():
        assert (await asked(application, "/readyz")).status_code == 200
        application.withdraw()
        assert (await asked(application, "/readyz")).status_code == 503
        assert (await asked(application, "/healthz")).status_code == 200
        assert (await asked(application, "/count")).status_code == 200
    assert (await asked(application, "/readyz")).status_code == 503


async def test_who_asks_is_told_when_to_ask_again() -> None:
    application = HttpApplication(App([COUNT], services=[database]))
    assert (await asked(application, "/readyz")).headers["retry-after"] == "5"
    async with application.running():
        assert "retry-after" not in (await asked(application, "/readyz")).headers


async def test_it_is_ready_while_the_services_answer() -> None:
    found = await readiness(http_readiness("database", answers))
    assert found == (200, {"status": "ready", "checks": {"database": "ok"}})


@pytest.mark.parametrize(
    ("check", "result"),
    [
        (fails, "failed"),
        (says_no, "failed"),
        (waits, "timed out"),
        (gives_to_await(fails), "failed"),
        (gives_to_await(waits), "timed out"),
        (Asking(), "failed"),
        (leaves, "failed"),
    ],
)
async def test_a_service_that_does_not_is_named_and_why_is_not_shown(
    check: Any, result: str, caplog: pytest.LogCaptureFixture
) -> None:
    found = await readiness(
        http_readiness("database", check, timeout=0.01 if result == "timed out" else 9)
    )
    assert found == (503, {"status": "not ready", "checks": {"database": result}})
    is_said = check is not says_no and not isinstance(check, Asking)
    assert ('The check of the service "database"' in caplog.text) is is_said


async def test_a_service_that_does_not_run_is_not_asked(serve: Serve) -> None:
    async with serve(http_readiness("database", fails)) as http:
        assert (await http.get("/readyz")).json() == {"status": "ready"}


async def test_however_many_ask_a_check_runs_once_at_a_time() -> None:
    calls, go = list[object](), asyncio.Event()

    async def slow(instance: object) -> None:
        calls.append(instance)
        await go.wait()

    check = Check(http_readiness("database", slow), object())
    asking = [asyncio.create_task(check.result()) for _ in range(5)]
    await asyncio.sleep(0)
    go.set()
    assert await asyncio.gather(*asking) == ["ok"] * 5
    assert len(calls) == 1
    assert await check.result() == "ok"
    assert len(calls) == 2


async def test_who_shared_a_check_that_was_given_up_does_not_disturb_the_next() -> None:
    calls, go = asyncio.Queue[object](), asyncio.Event()

    async def slow(instance: object) -> None:
        calls.put_nowait(instance)
        await go.wait()

    check = Check(http_readiness("database", slow), object())
    first = asyncio.create_task(check.result())
    await calls.get()
    check.cancel()  # As who had asked before does when its time is over.
    second = asyncio.create_task(check.result())
    assert await first == "timed out"
    third = asyncio.create_task(check.result())
    await calls.get()
    go.set()
    assert [await second, await third] == ["ok", "ok"]
    assert calls.empty()


async def test_a_thread_that_hangs_is_waited_for_and_not_joined_by_others() -> None:
    calls, go = list[object](), threading.Event()

    def hangs(instance: object) -> None:
        calls.append(instance)
        go.wait()

    check = Check(http_readiness("database", hangs, timeout=0.01), object())
    assert [await check.result(), await check.result()] == ["timed out", "timed out"]
    go.set()
    patient = Check(http_readiness("database", hangs), object())
    assert await patient.result() == "ok"
    assert len(calls) == 2


async def test_a_service_has_one_check() -> None:
    two = [http_readiness("database", answers), http_readiness("database", fails)]
    async with App([COUNT, *two], services=[database]) as app:
        with pytest.raises(DeclarationError, match='"database" has two checks'):
            HttpApplication(app, HttpOptions()).open()


@pytest.mark.parametrize("timeout", [0, -1.0, 61])
def test_a_timeout_that_is_none_is_refused(timeout: float) -> None:
    with pytest.raises(DeclarationError, match="must be more than 0 and up to 60"):
        http_readiness("database", answers, timeout=timeout)


def test_a_check_that_is_no_function_is_refused() -> None:
    with pytest.raises(DeclarationError, match='check of "database" is no function'):
        http_readiness("database", cast("Any", "select 1"))
