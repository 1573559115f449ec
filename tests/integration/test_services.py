"""Configuration and services from start to stop, as a generated project has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core import ServiceStartError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.conftest import ProjectOf

pytestmark = pytest.mark.anyio

FUNCTION_CONFIG = """
    from dataclasses import dataclass

    from pikku_core import Variables, pikku_config

    @dataclass
    class Config:
        greeting: str

    @pikku_config
    def config(*, variables: Variables) -> Config:
        return Config(greeting=variables.get("GREETING", "hello"))
    """
CLASS_CONFIG = """
    import os
    from dataclasses import dataclass, field

    from pikku_core import pikku_config

    @pikku_config
    @dataclass
    class Config:
        greeting: str = field(default_factory=lambda: os.environ.get("GREETING", "hello"))
    """
FUNCTIONS = """
    from app.config import Config
    from pikku_core import pikku_sessionless_func
    from pikku_http import wire_http

    @pikku_sessionless_func
    async def greet(*, config: Config) -> str:
        return config.greeting

    wire_http(method="get", route="/", func=greet)
    """


@pytest.mark.parametrize("config", [FUNCTION_CONFIG, CLASS_CONFIG], ids=["function", "class"])
async def test_the_configuration_is_made_when_the_project_starts(
    config: str, project_of: ProjectOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_of({"app/config.py": config, "app/functions.py": FUNCTIONS})
    monkeypatch.setenv("GREETING", "good evening")
    async with project.serve() as client:
        assert (await client.get("/")).json() == "good evening"


SERVICES = """
    from __future__ import annotations

    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from pikku_core import Variables, pikku_service

    class Journal:
        def __init__(self, file: Path) -> None:
            self.file = file

        def write(self, line: str) -> None:
            with self.file.open("a") as file:
                file.write(line + "\\n")

    @pikku_service
    def journal(*, variables: Variables) -> Journal:
        return Journal(Path(variables["JOURNAL"]))

    @pikku_service
    async def cache(*, journal: Journal, variables: Variables) -> AsyncIterator[str]:
        journal.write("cache starts")
        yield variables.get("CACHE", "cache")
        journal.write("cache stops")

    @pikku_service
    def database(*, journal: Journal, cache: str) -> Iterator[str]:
        journal.write("database starts")
        if cache == "broken":
            raise OSError("no route to host")
        yield "database"
        journal.write("database stops")

    @pikku_service
    def unused(*, journal: Journal) -> str:
        journal.write("unused starts")
        return "unused"
    """
USER = """
    from app.services import Journal
    from pikku_core import pikku_sessionless_func
    from pikku_http import wire_http

    @pikku_sessionless_func
    async def query(*, database: str, journal: Journal) -> str:
        journal.write("query")
        return database

    wire_http(method="get", route="/", func=query)
    """


async def test_services_start_in_order_stop_in_reverse_and_only_where_needed(
    project_of: ProjectOf, tmp_path: Path
) -> None:
    file = tmp_path / "journal"
    project = project_of({"app/services.py": SERVICES, "app/functions.py": USER})
    async with project.serve(variables={"JOURNAL": str(file)}) as client:
        assert (await client.get("/")).json() == "database"
    assert file.read_text().splitlines() == [
        "cache starts",
        "database starts",
        "query",
        "database stops",
        "cache stops",
    ]


async def test_a_service_that_does_not_start_names_itself_and_who_needs_it(
    project_of: ProjectOf, tmp_path: Path
) -> None:
    file = tmp_path / "journal"
    project = project_of({"app/services.py": SERVICES, "app/functions.py": USER})
    with pytest.raises(ServiceStartError) as caught:
        async with project.serve(variables={"JOURNAL": str(file), "CACHE": "broken"}):
            pass
    message = str(caught.value)
    assert '"database"' in message
    assert '"query"' in message
    assert "no route to host" in message
    assert file.read_text().splitlines() == ["cache starts", "database starts", "cache stops"]


async def test_given_instances_stand_in_for_services(project_of: ProjectOf, tmp_path: Path) -> None:
    file = tmp_path / "journal"
    project = project_of({"app/services.py": SERVICES, "app/functions.py": USER})
    options = {"database": "fake"}
    async with project.serve(variables={"JOURNAL": str(file)}, instances=options) as client:
        assert (await client.get("/")).json() == "fake"


def test_a_circle_of_services_is_reported(project_of: ProjectOf) -> None:
    circle = """
        from pikku_core import pikku_service

        @pikku_service
        def first(*, second: str) -> str:
            return second

        @pikku_service
        def second(*, first: str) -> str:
            return first
        """
    user = """
        from pikku_core import pikku_sessionless_func

        @pikku_sessionless_func
        async def query(*, first: str) -> str:
            return first
        """
    files = {"app/services.py": circle, "app/functions.py": user}
    found = project_of(files, generate=False).build().diagnostics
    assert any('"first"' in one.message and '"second"' in one.message for one in found)


def test_a_service_that_nobody_gives_is_reported_with_its_function(project_of: ProjectOf) -> None:
    files = {"app/functions.py": USER.replace("from app.services import Journal", "Journal = str")}
    found = project_of(files, generate=False).build().diagnostics
    assert {str(one.location) for one in found} == {"app/functions.py:6"}
    assert any('"database"' in one.message and '"query"' in one.message for one in found)
