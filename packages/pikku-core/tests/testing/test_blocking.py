from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from pikku_core import (
    App,
    DeclarationError,
    FunctionNotFoundError,
    InvalidDataError,
    ServiceStartError,
    UnauthorizedError,
    pikku_func,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_core.testing import BlockingApp, run_app
from pikku_core.testing.run import Run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Database:
    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.open = True

    async def count(self, table: str, *, minimum: int = 0) -> int:
        await asyncio.sleep(0)
        return max(len(table), minimum)


@pikku_service
async def database() -> AsyncIterator[Database]:
    value = Database()
    yield value
    value.open = False


@pikku_service
def broken() -> int:
    raise ConnectionError("no network")


@pikku_sessionless_func
async def double(data: int, *, database: Database) -> int:
    assert database.open
    return 2 * data


@pikku_func
async def who(*, session: str) -> str:
    return session


@pikku_sessionless_func
async def fail(*, broken: int) -> int:
    return broken


def test_a_function_is_called_from_a_test_that_is_no_coroutine() -> None:
    with run_app(App(functions=[double], services=[database])) as app:
        assert app.call("double", 4) == 8


def test_services_run_in_a_thread_of_their_own_and_are_stopped() -> None:
    with run_app(App(functions=[double], services=[database])) as app:
        given = app.service("database")
        assert given.open
        assert given.thread != threading.get_ident()
    assert not given.open


def test_a_call_has_the_session_that_it_is_given() -> None:
    with run_app(App(functions=[who])) as app:
        assert app.call("who", session="ada") == "ada"
        with pytest.raises(UnauthorizedError):
            app.call("who")


def test_errors_come_out_as_they_are() -> None:
    with run_app(App(functions=[double], services=[database])) as app:
        with pytest.raises(InvalidDataError):
            app.call("double", "four")
        with pytest.raises(FunctionNotFoundError, match=r'Is it "double"\?'):
            app.call("duoble", 4)


def test_an_async_function_runs_in_the_loop_of_the_app() -> None:
    with run_app(App(functions=[double], services=[database])) as app:
        assert app.run(app.service("database").count, "users", minimum=7) == 7


def test_an_app_that_does_not_start_fails_the_test() -> None:
    with (
        pytest.raises(ServiceStartError, match='"broken"'),
        run_app(App(functions=[fail], services=[broken])),
    ):
        raise AssertionError("it did not start")


def test_two_apps_run_at_once() -> None:
    with (
        run_app(App(functions=[double], services=[database])) as one,
        run_app(App(functions=[double], services=[database])) as other,
    ):
        assert one.service("database") is not other.service("database")


def test_an_app_that_has_been_stopped_says_so() -> None:
    with run_app(App(functions=[double], services=[database])) as app:
        pass
    for use in (
        lambda: app.call("double", 4),
        lambda: app.run(asyncio.sleep, 0),
        lambda: app.service("database"),
    ):
        with pytest.raises(RuntimeError, match='inside its "with" block'):
            use()


def test_an_app_is_put_together_before_anything_starts() -> None:
    with pytest.raises(DeclarationError):
        run_app(App(functions=[test_two_apps_run_at_once]))


def test_an_exception_cancels_what_still_runs_before_services_stop() -> None:
    begun, ended, calls = threading.Event(), list[bool](), list[Future[None]]()

    @pikku_sessionless_func
    async def wait(*, database: Database) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append(database.open)

    def call(app: BlockingApp) -> None:
        with pytest.raises(CancelledError):
            app.call("wait")

    def interrupted(threads: ThreadPoolExecutor) -> None:
        with run_app(App(functions=[wait], services=[database])) as app:
            calls.append(threads.submit(call, app))
            begun.wait()
            raise KeyboardInterrupt

    with ThreadPoolExecutor() as threads, pytest.raises(KeyboardInterrupt):
        interrupted(threads)
    calls[0].result()
    assert ended == [True]


def test_what_is_not_entered_says_so() -> None:
    run = Run(lambda: run_app(App()), App)
    with pytest.raises(AttributeError, match='"call" is asked of something that does not run yet'):
        getattr(run, "call")  # noqa: B009 - type checkers know that there is none
    assert not hasattr(run, "__fspath__")
