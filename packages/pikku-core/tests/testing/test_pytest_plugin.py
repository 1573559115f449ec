"""What the pytest plugin does in a project: real runs of pytest, each a process."""

from __future__ import annotations

import os
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., str]

PROJECT = '[project]\nname = "app"\n[tool.pikku]\n'
MAIN = """
from __future__ import annotations
from pikku_core import pikku_service, pikku_sessionless_func

class Database:
    async def greeting(self, name: str) -> str:
        raise ConnectionError

@pikku_service
async def database() -> Database:
    return Database()

@pikku_sessionless_func
async def greet(data: str, *, database: Database) -> str:
    return await database.greeting(data)
"""
ASYNC = """
import asyncio

async def test_a_coroutine() -> None:
    assert asyncio.get_running_loop().is_running()

class TestMethods:
    async def test_a_method(self, tmp_path) -> None:
        assert tmp_path.is_dir()

async def test_that_fails() -> None:
    assert 1 == 2
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Writes files, runs pytest in the folder and returns what it printed."""

    def pytest_in(files: dict[str, str], *arguments: str, code: int = 0, cwd: str = ".") -> str:
        for path, text in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text))
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
        own = {name: each for name, each in os.environ.items() if not name.startswith("PYTEST")}
        done = subprocess.run(
            command, cwd=tmp_path / cwd, env=own, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    return pytest_in


def test_a_function_is_tested_in_three_lines(run: Run) -> None:
    test = """
    from app.main import Database, greet
    from pikku_core.testing import stub

    async def test_greet() -> None:
        database = stub(Database, greeting="Hello, Ada!")
        assert await greet("Ada", database=database) == "Hello, Ada!"
    """
    files = {"pyproject.toml": PROJECT, "app/main.py": MAIN, "tests/test_greet.py": test}
    assert "1 passed" in run(files)


def test_the_fixture_is_the_project_with_services_replaced(run: Run) -> None:
    test = """
    from app.main import Database
    from pikku_core.testing import PikkuProject, stub

    def test_call(pikku: PikkuProject) -> None:
        with pikku.app(database=stub(Database, greeting="Hello, Ada!")) as app:
            assert app.call("greet", "Ada") == "Hello, Ada!"

    async def test_async(pikku: PikkuProject) -> None:
        async with pikku.app(database=stub(Database, greeting="Hello, Ada!")) as app:
            assert await app.invoke("greet", "Ada") == "Hello, Ada!"
    """
    files = {"pyproject.toml": PROJECT, "app/main.py": MAIN, "tests/test_call.py": test}
    assert "2 passed" in run(files)


def test_nothing_is_written_into_the_project(run: Run, tmp_path: Path) -> None:
    test = "def test_it(pikku): assert pikku.generated.is_dir()"
    run({"pyproject.toml": PROJECT, "app/main.py": MAIN, "tests/test_it.py": test})
    assert sorted(each.name for each in tmp_path.iterdir()) == ["app", "pyproject.toml", "tests"]


def test_a_project_with_errors_fails_the_fixture_with_each_of_them(run: Run) -> None:
    main = MAIN.replace("*, database: Database", "*, databse: Database")
    test = "def test_it(pikku): ...\ndef test_other(): ..."
    printed = run(
        {"pyproject.toml": PROJECT, "app/main.py": main, "tests/test_it.py": test}, code=1
    )
    assert "1 passed, 1 error" in printed
    assert "cannot be generated:\napp/main.py:14: PKU" in printed
    assert "Traceback" not in printed
    assert "another exception" not in printed


def test_settings_that_cannot_be_read_fail_the_fixture(run: Run) -> None:
    settings = PROJECT + 'sauce = ["app"]\n'
    test = "def test_it(pikku): ..."
    files = {"pyproject.toml": settings, "app/main.py": MAIN, "tests/test_it.py": test}
    assert "sauce" in run(files, code=1)


def test_each_test_has_the_project_that_it_lies_in(run: Run) -> None:
    test = "def test_it(pikku): assert pikku.root.name == '{name}', pikku.root"
    files = {"pyproject.toml": '[project]\nname = "all"\n'}
    for name in ("one", "other"):
        files[f"{name}/pyproject.toml"] = PROJECT
        files[f"{name}/{name}/main.py"] = MAIN
        files[f"{name}/tests/test_{name}.py"] = test.format(name=name)
    printed = run(files, "--import-mode=importlib", "-vv")
    assert "2 passed" in printed
    assert "test_one.py::test_it PASSED" in printed


def test_a_project_whose_modules_another_one_has_imported_is_not_mistaken_for_it(run: Run) -> None:
    test = "def test_it(pikku):\n    with pikku.app(database=None) as app: app.call('greet', 'Ada')"
    files = {"pyproject.toml": '[project]\nname = "all"\n'}
    for name in ("one", "other"):
        files[f"{name}/pyproject.toml"] = PROJECT
        files[f"{name}/app/main.py"] = MAIN.replace(
            "await database.greeting(data)", f'"greeted by {name}"'
        )
        files[f"{name}/tests/test_{name}.py"] = test
    printed = run(files, code=1)
    assert "1 failed, 1 passed" in printed
    assert '"app.main" has been imported from' in printed
    assert "in a process of their own" in printed


def test_it_is_generated_once_for_all_tests(run: Run) -> None:
    test = """
    import pytest
    from pikku_core.testing import PikkuProject

    @pytest.mark.parametrize("number", range(3))
    def test_it(pikku: PikkuProject, number: int, seen: list[object] = []) -> None:
        seen.append(pikku.build())
        assert seen[0] is seen[-1]
    """
    files = {"pyproject.toml": PROJECT, "app/main.py": MAIN, "tests/test_it.py": test}
    assert "3 passed" in run(files)


def test_a_fixture_of_the_session_may_use_it(run: Run) -> None:
    conftest = """
    import pytest
    from app.main import Database
    from pikku_core.testing import stub

    @pytest.fixture(scope="session")
    def app(pikku):
        with pikku.app(database=stub(Database, greeting="Hello!")) as app:
            yield app
    """
    test = "def test_it(app): assert app.call('greet', 'Ada') == 'Hello!'"
    files = {"pyproject.toml": PROJECT, "app/main.py": MAIN, "tests/conftest.py": conftest}
    assert "1 passed" in run({**files, "tests/test_it.py": test})


def test_a_folder_below_may_have_another_project(run: Run) -> None:
    conftest = """
    import pytest
    from pathlib import Path
    from pikku_core.testing import open_project

    @pytest.fixture(scope="session")
    def pikku():
        with open_project(Path(__file__).parents[1] / "shop") as project:
            yield project
    """
    files = {
        "pyproject.toml": PROJECT,
        "shop/pyproject.toml": PROJECT,
        "shop/store/main.py": MAIN,
        "tests/conftest.py": conftest,
        "tests/test_it.py": "def test_it(pikku): assert pikku.root.name == 'shop'",
    }
    assert "1 passed" in run(files)


def test_async_tests_run_where_a_project_uses_pikku(run: Run) -> None:
    printed = run(
        {"pyproject.toml": PROJECT, "tests/test_async.py": ASYNC}, "-p", "no:anyio", code=1
    )
    assert "1 failed, 2 passed" in printed
    assert "assert 1 == 2" in printed


def test_a_requirement_says_that_a_project_uses_pikku(run: Run) -> None:
    required = '[project]\nname = "app"\ndependencies = ["pikku-core~=0.1"]\n'
    printed = run({"pyproject.toml": required, "tests/test_async.py": ASYNC}, code=1)
    assert "1 failed, 2 passed" in printed


@pytest.mark.parametrize(
    "settings",
    [
        '[project]\nname = "app"\ndependencies = ["pikkupage"]\n',
        PROJECT + "[tool.pytest.ini_options]\npikku_async = false\n",
    ],
)
def test_async_tests_of_others_and_where_it_is_turned_off_are_left_alone(
    run: Run, settings: str
) -> None:
    printed = run({"pyproject.toml": settings, "tests/test_async.py": ASYNC}, code=1)
    assert "3 failed" in printed
    assert "async def functions are not natively supported" in printed


def test_async_tests_that_anyio_runs_are_run_by_it(run: Run) -> None:
    test = """
    import pytest

    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    @pytest.fixture
    async def value(anyio_backend):
        return 3

    @pytest.mark.anyio
    async def test_it(value) -> None:
        assert value == 3
    """
    assert "1 passed" in run({"pyproject.toml": PROJECT, "tests/test_it.py": test})


def test_async_tests_that_another_plugin_runs_are_run_once(run: Run) -> None:
    conftest = """
    import asyncio
    import pytest

    ran = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(pyfuncitem):
        asyncio.run(pyfuncitem.obj())
        ran.append(pyfuncitem.name)
        return True

    def pytest_sessionfinish():
        assert ran == ["test_it"]
    """
    test = "runs = []\nasync def test_it() -> None:\n    runs.append(1)\n    assert len(runs) == 1"
    files = {"pyproject.toml": PROJECT, "tests/conftest.py": conftest, "tests/test_it.py": test}
    assert "1 passed" in run(files)


@pytest.mark.parametrize("layout", ["app", "src/app"])
def test_the_modules_of_a_project_can_be_imported(run: Run, layout: str) -> None:
    files = {
        "pyproject.toml": PROJECT,
        f"{layout}/main.py": MAIN,
        "tests/conftest.py": "import app.main",
        "tests/test_it.py": "from app.main import greet\ndef test_it(): assert greet",
    }
    assert "1 passed" in run(files)


def test_elsewhere_the_plugin_loads_nothing_of_pikku_but_itself(run: Run) -> None:
    conftest = """
    import sys

    def pytest_sessionfinish():
        loaded = {name for name in sys.modules if name.startswith("pikku_core.")}
        heavy = {"build", "scan", "codegen", "runtime", "plugin", "settings", "testing.project"}
        assert not {name.partition(".")[2] for name in loaded} & heavy
        assert "pydantic" not in sys.modules
    """
    files = {"conftest.py": conftest, "test_it.py": "def test_it(): ..."}
    assert "1 passed" in run({"pyproject.toml": '[project]\nname = "other"\n', **files})


def test_a_project_may_have_a_fixture_of_that_name_for_itself(run: Run) -> None:
    test = """
    import pytest

    @pytest.fixture
    def pikku() -> str:
        return "mine"

    def test_it(pikku: str) -> None:
        assert pikku == "mine"
    """
    assert "1 passed" in run({"pyproject.toml": PROJECT, "tests/test_it.py": test})


def test_a_broken_project_file_is_no_matter_of_the_plugin(run: Run) -> None:
    run({"sub/pyproject.toml": "= broken", "sub/test_it.py": "def test_it(): ..."}, cwd=".")
