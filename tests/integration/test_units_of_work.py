"""Call-scoped services round a function over HTTP: what it did is kept only where it went well."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

MODULE = """
    from __future__ import annotations

    import sqlite3
    from collections.abc import AsyncIterator, Iterator
    from contextlib import closing
    from typing import TYPE_CHECKING

    from pikku_core import ConflictError, Variables, pikku_config, pikku_service, pikku_sessionless_func
    from pikku_http import wire_http
    from pydantic import BaseModel

    if TYPE_CHECKING:
        from pikku_app import Rpc

    class Config(BaseModel):
        database: str

    @pikku_config
    def config(*, variables: Variables) -> Config:
        return Config(database=variables["DATABASE"])

    class Entry(BaseModel):
        text: str
        fail: str = ""

    class Small(BaseModel):
        text: str

    @pikku_service
    def path(*, config: Config) -> str:
        with closing(sqlite3.connect(config.database)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS entries (text TEXT)")
        return config.database

    @pikku_service(scope="call")
    def work(*, path: str) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("BEGIN")
            yield connection
            connection.commit()

    @pikku_service(scope="call")
    async def unit(*, path: str) -> AsyncIterator[sqlite3.Connection]:
        with closing(sqlite3.connect(path)) as connection:
            try:
                yield connection
            except ConflictError:
                connection.rollback()
                raise
            if connection.execute("SELECT 1 FROM entries WHERE text = 'forbidden'").fetchone():
                raise ConflictError("the commit failed")
            connection.commit()

    def insert(entry: Entry, connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO entries VALUES (?)", [entry.text])
        if entry.fail == "known":
            raise ConflictError("no")
        if entry.fail == "unknown":
            raise ZeroDivisionError

    @pikku_sessionless_func
    def add_sync(data: Entry, *, work: sqlite3.Connection) -> Small:
        insert(data, work)
        return Small(text=data.text)

    @pikku_sessionless_func
    async def add(data: Entry, *, unit: sqlite3.Connection) -> Small:
        insert(data, unit)
        if data.fail == "result":
            return Small.model_construct(text=7)
        return Small(text=data.text)

    @pikku_sessionless_func
    async def add_two(data: Entry, *, unit: sqlite3.Connection, rpc: Rpc) -> Small:
        unit.execute("INSERT INTO entries VALUES ('outer')")
        return await rpc.add(data)

    wire_http(method="post", route="/sync", func=add_sync)
    wire_http(method="post", route="/async", func=add)
    wire_http(method="post", route="/nested", func=add_two)
    """


@pytest.fixture(scope="module")
def project(shared_project_of: ProjectOf) -> Project:
    return shared_project_of({"ledger.py": MODULE})


async def kept(project: Project, folder: Path, route: str, *entries: dict[str, str]) -> list[str]:
    """What the database holds after some requests; the statuses go first."""
    file = folder / "ledger.sqlite"
    async with project.serve(variables={"DATABASE": str(file)}) as client:
        statuses = [str((await client.post(route, json=entry)).status_code) for entry in entries]
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT text FROM entries ORDER BY rowid").fetchall()
    return [*statuses, *(text for (text,) in rows)]


@pytest.mark.parametrize("route", ["/sync", "/async"])
@pytest.mark.parametrize(("fail", "status"), [("known", "409"), ("unknown", "500")])
async def test_nothing_is_kept_of_a_call_that_raised(
    route: str, fail: str, status: str, project: Project, tmp_path: Path
) -> None:
    entries = [{"text": "a"}, {"text": "b", "fail": fail}, {"text": "c"}]
    assert await kept(project, tmp_path, route, *entries) == ["200", status, "200", "a", "c"]


async def test_nothing_is_kept_of_a_call_whose_result_does_not_fit(
    project: Project, tmp_path: Path
) -> None:
    entries = [{"text": "a", "fail": "result"}, {"text": "b"}]
    assert await kept(project, tmp_path, "/async", *entries) == ["500", "200", "b"]


async def test_a_teardown_that_raises_is_the_answer(project: Project, tmp_path: Path) -> None:
    assert await kept(project, tmp_path, "/async", {"text": "forbidden"}) == ["409"]


async def test_a_nested_call_works_in_the_unit_of_its_caller(
    project: Project, tmp_path: Path
) -> None:
    entries = [{"text": "a"}, {"text": "b", "fail": "known"}]
    assert await kept(project, tmp_path, "/nested", *entries) == ["200", "409", "outer", "a"]
