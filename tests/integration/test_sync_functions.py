"""Sync functions over HTTP: their threads, their nested calls, their services."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

if TYPE_CHECKING:
    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

MODULE = """
    from __future__ import annotations

    import sqlite3
    import threading
    from collections.abc import Iterator
    from typing import TYPE_CHECKING

    from pikku_core import ConflictError, pikku_service, pikku_sessionless_func
    from pikku_http import wire_http
    from pydantic import BaseModel

    if TYPE_CHECKING:
        from pikku_app import Rpc, SyncRpc

    class Depth(BaseModel):
        depth: int

    class Row(BaseModel):
        text: str
        fail: bool = False

    @pikku_service
    def gate() -> threading.Barrier:
        return threading.Barrier(2, timeout=10)

    @pikku_service
    def database() -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        connection.execute("CREATE TABLE rows (text TEXT)")
        yield connection
        connection.close()

    @pikku_service
    def owned() -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(":memory:")
        yield connection
        connection.close()

    @pikku_service(scope="call")
    def thread() -> Iterator[int]:
        before = threading.get_ident()
        yield before
        assert threading.get_ident() == before

    @pikku_sessionless_func
    def nest(data: Depth, *, rpc: SyncRpc, thread: int) -> list[bool]:
        same = threading.get_ident() == thread
        return [same, *(rpc.nest(Depth(depth=data.depth - 1)) if data.depth else [])]

    @pikku_sessionless_func
    def through(data: Depth, *, rpc: SyncRpc) -> str:
        return rpc.hop(data)

    @pikku_sessionless_func
    async def hop(data: Depth, *, rpc: Rpc) -> str:
        if data.depth:
            return await rpc.through(Depth(depth=data.depth - 1))
        return "bottom"

    @pikku_sessionless_func
    def meet(*, gate: threading.Barrier, rpc: SyncRpc) -> str:
        gate.wait()
        return rpc.met()

    @pikku_sessionless_func
    def met() -> str:
        return "met"

    @pikku_sessionless_func
    def insert(data: Row, *, database: sqlite3.Connection) -> int:
        with database:
            database.execute("INSERT INTO rows VALUES (?)", [data.text])
            if data.fail:
                raise ConflictError("not that one")
        return database.execute("SELECT count(*) FROM rows").fetchone()[0]

    @pikku_sessionless_func
    def hold(*, owned: sqlite3.Connection) -> bool:
        return owned is not None

    wire_http(method="get", route="/nest/{depth}", func=nest)
    wire_http(method="get", route="/through/{depth}", func=through)
    wire_http(method="get", route="/meet", func=meet)
    wire_http(method="post", route="/rows", func=insert)
    wire_http(method="get", route="/hold", func=hold)
    """


@pytest.fixture(scope="module")
def project(shared_project_of: ProjectOf) -> Project:
    return shared_project_of({"blocking.py": MODULE})


async def test_nested_sync_calls_run_in_the_thread_of_the_outermost(project: Project) -> None:
    async with project.serve() as client:
        assert (await client.get("/nest/5")).json() == [True] * 6


@pytest.mark.parametrize("path", ["/nest/5", "/through/5"], ids=["sync", "sync and async by turns"])
async def test_nested_sync_calls_end_where_one_thread_is_all_there_is(
    path: str, project: Project
) -> None:
    answers: list[int] = []
    async with project.serve(threads=1) as client:

        async def call() -> None:
            answers.append((await client.get(path)).status_code)

        with anyio.fail_after(20):
            async with anyio.create_task_group() as calls:
                for _ in range(10):
                    calls.start_soon(call)
    assert answers == [200] * 10


async def test_as_many_sync_functions_run_at_once_as_there_are_threads(project: Project) -> None:
    answers: list[str] = []
    async with project.serve(threads=2) as client:

        async def call() -> None:
            answers.append((await client.get("/meet")).json())

        # Each call waits for another one that is running at the same time, and all threads are then in nested calls.
        with anyio.fail_after(20):
            async with anyio.create_task_group() as calls:
                for _ in range(4):
                    calls.start_soon(call)
    assert answers == ["met"] * 4


async def test_a_sync_function_works_with_a_sync_service(project: Project) -> None:
    async with project.serve() as client:
        assert (await client.post("/rows", json={"text": "a"})).json() == 1
        assert (await client.post("/rows", json={"text": "b", "fail": True})).status_code == 409
        assert (await client.post("/rows", json={"text": "c"})).json() == 2


async def test_a_sync_service_starts_and_stops_in_one_thread(project: Project) -> None:
    async with project.serve() as client:
        assert (await client.get("/hold")).json() is True
