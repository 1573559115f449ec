"""Apps loaded from a directory; the directories here are what `pikku` writes, in small."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from pikku_core import App, DeclarationError, ForbiddenError, UnauthorizedError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.anyio

APPLICATION = """
    from __future__ import annotations
    from collections.abc import AsyncIterator
    from typing import Any
    from pydantic import BaseModel
    from pikku_core import pikku_func, pikku_middleware, pikku_permission, pikku_service
    from pikku_core import pikku_sessionless_func

    class Order(BaseModel):
        id: int

    @pikku_service
    async def database() -> AsyncIterator[list[str]]:
        opened = ["NAME"]
        yield opened
        opened.append("closed")

    @pikku_service
    async def unused() -> str:
        raise AssertionError("nothing needs it")

    @pikku_permission
    async def positive(data: Order) -> bool:
        return data.id > 0

    def counting() -> Any:
        seen: list[str] = []

        @pikku_middleware
        async def count(next: Any, *, database: list[str]) -> Any:
            seen.append(database[0])
            await next()
            return seen

        return count

    @pikku_sessionless_func(permissions=[positive])
    async def place(data: Order, *, database: list[str]) -> list[str]:
        return database

    @pikku_func
    async def bound() -> None: ...
"""

FUNCTIONS = """
    from pikku_core.runtime.records import FunctionParts

    FUNCTIONS = {
        "bound": {
            "factory": "bound_1", "kind": "async", "needs_session": True, "data": False,
            "data_optional": False, "parameters": {}, "optional": [], "tags": [], "addon": "",
        },
        "broken": {
            "factory": "broken_1", "kind": "async", "needs_session": True, "data": False,
            "data_optional": False, "parameters": {}, "optional": [], "tags": [], "addon": "",
        },
        "place": {
            "factory": "place_1", "kind": "async", "needs_session": False, "data": True,
            "data_optional": False, "parameters": {"database": "database"}, "optional": [],
            "tags": [], "addon": "",
        },
    }

    def bound_1():
        from NAME.application import bound
        return FunctionParts(bound, None, type(None))

    def broken_1():
        import NAME.nowhere

    def place_1():
        from NAME.application import Order, place
        return FunctionParts(place, Order, list[str])
"""

SERVICES = """
    SERVICES = {
        "database": {
            "factory": "database_1", "scope": "singleton", "kind": "async_generator",
            "parameters": {}, "optional": [],
        },
    }
    FUNCTION_SERVICES = {"bound": [], "broken": [], "place": ["database"]}
    REQUIRED = ["database"]

    def database_1():
        from NAME.application import database
        return database
"""

MIDDLEWARE = """
    from functools import cache

    CALLABLES = {
        "NAME.application:counting.<locals>.count": {
            "kind": "async", "parameters": {"database": "database"}, "optional": [],
        },
    }
    DECLARATIONS = {"middleware:global": {"factory": "global_1", "tag": ""}}

    @cache
    def counting_1():
        from NAME.application import counting
        return counting()

    def global_1():
        from pikku_core import global_middleware
        return global_middleware([counting_1()])
"""

PERMISSIONS = """
    CALLABLES = {
        "NAME.application:positive": {
            "kind": "async", "parameters": {}, "optional": [], "data": True,
        },
    }
"""

RPC = 'RPC = {"bound": "bound", "broken": "broken", "place": "place"}'

LINE = """
    WIRINGS = {
        "line:place": {"factory": "line_1", "function": "place", "tags": [], "auth": None, "verb": "p"},
    }
    DECLARATIONS = {}

    def line_1():
        from dataclasses import dataclass
        from NAME.application import place
        from pikku_core import Wiring

        return Wiring(func=place)
"""

BOOTSTRAP = """
    KINDS = {"line": "line.pikku_line_wirings_gen"}
    MODULES = {
        "functions": "function.pikku_functions_gen",
        "middleware": "middleware.pikku_middleware_gen",
        "permissions": "permissions.pikku_permissions_gen",
        "rpc": "rpc.pikku_rpc_wirings_meta_internal_gen",
        "services": "pikku_services_gen",
    }
"""

FILES = {
    "function/pikku_functions_gen.py": FUNCTIONS,
    "line/pikku_line_wirings_gen.py": LINE,
    "middleware/pikku_middleware_gen.py": MIDDLEWARE,
    "permissions/pikku_permissions_gen.py": PERMISSIONS,
    "rpc/pikku_rpc_wirings_meta_internal_gen.py": RPC,
    "pikku_services_gen.py": SERVICES,
    "pikku_bootstrap_gen.py": BOOTSTRAP,
}


def write_project(root: Path, name: str) -> Path:
    """A project whose package is `name`; returns its generated directory."""
    out = root / name / ".pikku"
    package = root / name / name
    package.mkdir(parents=True)
    package.joinpath("__init__.py").touch()
    package.joinpath("application.py").write_text(dedent(APPLICATION).replace("NAME", name))
    for path, content in FILES.items():
        out.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        out.joinpath(path).parent.joinpath("__init__.py").touch()
        out.joinpath(path).write_text(dedent(content).replace("NAME", name))
    out.joinpath("__init__.py").touch()
    return out


@pytest.fixture
def projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Path]]:
    before = set(sys.modules)
    one, two = write_project(tmp_path, "firstly"), write_project(tmp_path, "secondly")
    monkeypatch.setattr(sys, "path", [str(one.parent), str(two.parent), *sys.path])
    yield one, two
    for module in set(sys.modules) - before:
        if module.partition(".")[0] in {"firstly", "secondly"}:
            del sys.modules[module]


def load(directory: Path) -> App:
    return App.load(directory, check_fresh=False)


async def test_a_loaded_app_runs(projects: tuple[Path, Path]) -> None:
    async with load(projects[0]) as app:
        assert await app.rpc.place({"id": 1}) == ["firstly"]
        with pytest.raises(ForbiddenError):
            await app.rpc.place({"id": 0})
        with pytest.raises(UnauthorizedError):
            await app.rpc.bound()


async def test_nothing_of_the_project_is_imported_before_it_is_used(
    projects: tuple[Path, Path],
) -> None:
    app = load(projects[0])
    assert app.functions() == ("bound", "broken", "place")
    assert app.kinds() == ("line", "middleware", "permissions")
    assert "firstly.application" not in sys.modules
    assert app.record("place").id == "place"
    assert "firstly.application" in sys.modules


async def test_a_function_that_cannot_be_imported_harms_no_other(
    projects: tuple[Path, Path],
) -> None:
    async with load(projects[0]) as app:
        assert await app.rpc.place({"id": 1}) == ["firstly"]
        with pytest.raises(ModuleNotFoundError, match="nowhere") as caught:
            await app.rpc.broken()
    assert caught.value.__notes__ == ['This happened when the function "broken" was imported.']


async def test_a_wiring_shows_its_literal_row_before_it_is_made(
    projects: tuple[Path, Path],
) -> None:
    app = load(projects[0])
    (handle,) = app.wirings("line")
    assert (handle.id, handle.function, handle.meta["verb"]) == ("line:place", "place", "p")
    assert "firstly.application" not in sys.modules
    assert handle.load() is handle.load()
    assert app.wirings("line")[0].load() is handle.load()


async def test_two_projects_live_in_one_process(projects: tuple[Path, Path]) -> None:
    async with load(projects[0]) as one, load(projects[1]) as two:
        assert await one.rpc.place({"id": 1}) == ["firstly"]
        assert await two.rpc.place({"id": 1}) == ["secondly"]


async def test_two_apps_of_one_project_share_no_state(projects: tuple[Path, Path]) -> None:
    async with load(projects[0]) as one, load(projects[0]) as two:
        assert await one.rpc.place({"id": 1}) == ["firstly"]
        assert await one.rpc.place({"id": 1}) == ["firstly", "firstly"]
        assert await two.rpc.place({"id": 1}) == ["firstly"]


async def test_generated_modules_hide_nothing_of_the_standard_library(
    projects: tuple[Path, Path],
) -> None:
    load(projects[0])
    assert not any(Path(each) == projects[0] for each in sys.path)


def test_a_missing_directory_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="run `pikku` in the project"):
        App.load(tmp_path / ".pikku")


def test_a_directory_that_was_not_written_to_its_end_names_the_command(
    projects: tuple[Path, Path],
) -> None:
    projects[0].joinpath("__init__.py").unlink()
    with pytest.raises(DeclarationError, match="run `pikku` in the project again"):
        App.load(projects[0])


def test_a_directory_that_nobody_vouches_for_is_not_fresh(projects: tuple[Path, Path]) -> None:
    with pytest.raises(DeclarationError, match=r"not those of the project, .*: run `pikku` there"):
        App.load(projects[0])
