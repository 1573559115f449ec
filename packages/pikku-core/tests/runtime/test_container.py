"""Singleton services: a graph that starts and stops."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    DeclarationError,
    MissingServiceError,
    ServiceStartError,
    pikku_config,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_core.runtime.origin import shown

pytestmark = pytest.mark.anyio


class Config(BaseModel):
    url: str = "memory"


def telling(name: str, seen: list[str], factory_fails: bool = False) -> Callable[..., Any]:
    @pikku_service(name=name)
    async def service() -> AsyncIterator[str]:
        if factory_fails:
            raise OSError("connection refused")
        seen.append(f"{name} started")
        yield name
        seen.append(f"{name} stopped")

    return service


async def test_services_start_after_those_they_ask_for_and_stop_before_them() -> None:
    seen: list[str] = []

    @pikku_service
    async def cache(*, pool: str) -> AsyncIterator[str]:
        seen.append(f"cache started on {pool}")
        yield "cache"
        seen.append("cache stopped")

    @pikku_sessionless_func
    async def work(*, cache: str) -> str:
        return cache

    async with App(functions=[work], services=[cache, telling("pool", seen)]) as app:
        assert await app.invoke("work") == "cache"
    assert seen == ["pool started", "cache started on pool", "cache stopped", "pool stopped"]


async def test_only_what_something_needs_is_started() -> None:
    seen: list[str] = []

    @pikku_sessionless_func
    async def work(*, needed: str) -> None: ...

    services = [telling("needed", seen), telling("unused", seen)]
    async with App(functions=[work], services=services) as app:
        assert app.service("needed") == "needed"
        with pytest.raises(MissingServiceError, match="nothing that was selected needs it"):
            app.service("unused")
        with pytest.raises(MissingServiceError, match="nobody gives it"):
            app.service("unknown")
    assert seen == ["needed started", "needed stopped"]


async def test_a_service_that_fails_to_start_names_itself_and_who_needed_it() -> None:
    seen: list[str] = []

    @pikku_service
    async def database(*, pool: str) -> str:
        raise OSError("connection refused")

    @pikku_sessionless_func
    async def work(*, database: str) -> None: ...

    app = App(functions=[work], services=[telling("pool", seen), database])
    with pytest.raises(ServiceStartError) as caught:
        await app.start()
    line = database.__code__.co_firstlineno + 2
    assert caught.value.message == (
        'The service "database" (needed by function "work") did not start: OSError: connection refused '
        f"({shown(__file__)}:{line})."
    )
    assert isinstance(caught.value.__cause__, OSError)
    assert seen == ["pool started", "pool stopped"]


async def test_a_failing_stop_is_logged_and_the_rest_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen: list[str] = []

    @pikku_service
    async def rude(*, pool: str) -> AsyncIterator[str]:
        yield "rude"
        raise OSError("already closed")

    @pikku_sessionless_func
    async def work(*, rude: str) -> None: ...

    with caplog.at_level(logging.ERROR):
        async with App(functions=[work], services=[telling("pool", seen), rude]):
            pass
    assert caplog.messages == ['The service "rude" did not stop properly.']
    assert seen == ["pool started", "pool stopped"]


async def test_a_sync_service_is_closed_in_the_thread_that_opened_it() -> None:
    threads: list[int] = []

    @pikku_service
    def connection() -> Iterator[sqlite3.Connection]:
        threads.append(threading.get_ident())
        opened = sqlite3.connect(":memory:")
        yield opened
        # A connection refuses to be closed by another thread.
        opened.close()
        threads.append(threading.get_ident())

    @pikku_sessionless_func
    async def work(*, connection: sqlite3.Connection) -> None: ...

    async with App(functions=[work], services=[connection]):
        pass
    assert len(threads) == 2
    assert len(set(threads)) == 1
    assert threading.get_ident() not in threads


async def test_all_sync_services_share_one_thread() -> None:
    @pikku_service
    def one() -> int:
        return threading.get_ident()

    @pikku_service
    def two() -> int:
        return threading.get_ident()

    @pikku_sessionless_func
    async def work(*, one: int, two: int) -> bool:
        return one == two

    async with App(functions=[work], services=[one, two]) as app:
        assert await app.invoke("work")


async def test_config_may_be_a_class() -> None:
    @pikku_sessionless_func
    async def where(*, config: Config) -> str:
        return config.url

    async with App(functions=[where], config=pikku_config(Config)) as app:
        assert await app.invoke("where") == "memory"


async def test_config_may_be_a_function_of_the_variables() -> None:
    @pikku_config
    def config(*, variables: Mapping[str, str]) -> Config:
        return Config(url=variables["URL"])

    @pikku_service
    async def database(*, config: Config, logger: logging.Logger) -> str:
        return f"{config.url} {logger.name}"

    @pikku_sessionless_func
    async def where(*, database: str) -> str:
        return database

    app = App(functions=[where], services=[database], config=config, variables={"URL": "x:"})
    async with app:
        assert await app.invoke("where") == "x: pikku.database"


async def test_an_instance_stands_in_for_a_service() -> None:
    seen: list[str] = []

    @pikku_service
    async def database(*, pool: str) -> str:
        return "real"

    @pikku_sessionless_func
    async def work(*, database: str) -> str:
        return database

    services = [database, telling("pool", seen)]
    async with App(functions=[work], services=services, instances={"database": "fake"}) as app:
        assert await app.invoke("work") == "fake"
    assert seen == []


async def test_an_optional_service_that_nobody_gives_is_left_out() -> None:
    @pikku_service
    async def cache(*, store: str | None = None) -> str:
        return f"cache in {store}"

    @pikku_sessionless_func
    async def work(*, cache: str, metrics: str | None = None) -> str:
        return f"{cache}, {metrics}"

    async with App(functions=[work], services=[cache]) as app:
        plan = app.plan("work")
        assert plan.function.id == "work"
        assert await app.invoke("work") == "cache in None, None"


async def test_a_service_that_nobody_gives_is_refused() -> None:
    @pikku_service
    async def cache(*, store: str) -> str:
        return store

    @pikku_sessionless_func
    async def work(*, cache: str) -> None: ...

    with pytest.raises(DeclarationError, match='The service "cache" asks for "store"'):
        await App(functions=[work], services=[cache]).start()


async def test_a_singleton_may_not_ask_for_a_call_service() -> None:
    @pikku_service(scope="call")
    async def transaction() -> str:
        return ""

    @pikku_service
    async def cache(*, transaction: str) -> str:
        return transaction

    @pikku_sessionless_func
    async def work(*, cache: str) -> None: ...

    with pytest.raises(DeclarationError, match="lives for one call only"):
        await App(functions=[work], services=[cache, transaction]).start()


async def test_a_circle_is_named() -> None:
    @pikku_service
    async def hen(*, egg: int) -> int:
        return egg

    @pikku_service
    async def egg(*, hen: int) -> int:
        return hen

    @pikku_sessionless_func
    async def work(*, hen: int) -> None: ...

    with pytest.raises(DeclarationError, match='"egg" -> "hen" -> "egg"'):
        await App(functions=[work], services=[hen, egg]).start()


async def test_a_start_that_is_cancelled_stops_what_had_started() -> None:
    seen: list[str] = []
    waiting = asyncio.Event()

    @pikku_service
    async def slow(*, pool: str) -> None:
        waiting.set()
        await asyncio.Event().wait()

    @pikku_sessionless_func
    async def work(*, slow: None) -> None: ...

    app = App(functions=[work], services=[telling("pool", seen), slow])
    task = asyncio.create_task(app.start())
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["pool started", "pool stopped"]


async def test_a_sync_service_that_starts_while_it_is_cancelled_is_stopped() -> None:
    starting, go_on = threading.Event(), threading.Event()
    seen: list[str] = []

    @pikku_service
    def slow() -> Iterator[str]:
        starting.set()
        go_on.wait()
        seen.append("started")
        yield "slow"
        seen.append("stopped")

    @pikku_sessionless_func
    async def work(*, slow: str) -> None: ...

    app = App(functions=[work], services=[slow])
    task = asyncio.create_task(app.start())
    await asyncio.to_thread(starting.wait)
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["started", "stopped"]
