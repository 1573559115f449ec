"""The pytest plugin: the fixture `pikku`, and async tests in an event loop each.

It comes with the installation (entry point `pytest11`). Little of Pikku is loaded until a test needs it, and nothing is done
in projects that do not use it.
"""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING

import pytest

from pikku_core.testing.project_file import read_project_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pikku_core.testing.project import PikkuProject

# What an assertion of a suite was about is shown as for one in a test's own module.
pytest.register_assert_rewrite("pikku_core.testing.conformance")

FOLDER = "_pikku_folder"
"""A fixture of its own: a project that has a fixture `pikku` for itself is left alone."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The setting `pikku_async`."""
    parser.addini(
        "pikku_async",
        "Whether async tests that no other plugin runs are run, in projects that use Pikku.",
        type="bool",
        default=True,
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Makes the project's modules importable, as for `pikku dev`, before the first test imports one."""
    project = read_project_file(early_config.rootpath)
    if project is not None and project.uses_pikku:
        from pikku_core.sources import import_roots

        roots = import_roots(project.folder, project.source)
        sys.path[:0] = [folder for folder in roots if folder not in sys.path]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Gives each test the folder of the project that it lies in: one run may hold the tests of several."""
    if FOLDER in metafunc.fixturenames:
        project = read_project_file(metafunc.definition.path.parent)
        if project is not None:
            metafunc.parametrize(
                FOLDER, [project.folder], indirect=True, scope="session", ids=[pytest.HIDDEN_PARAM]
            )


@pytest.fixture(scope="session", name=FOLDER)
def pikku_folder(request: pytest.FixtureRequest) -> Path:
    """The folder of the project that the test lies in."""
    folder: Path = getattr(request, "param", request.config.rootpath)
    return folder


@pytest.fixture(scope="session")
def pikku(_pikku_folder: Path) -> Iterator[PikkuProject]:
    """The project that the test lies in, generated into a temporary folder: see `pikku_core.testing.PikkuProject`."""
    from contextlib import ExitStack

    from pikku_core.settings import SettingsError
    from pikku_core.testing.project import ProjectError, open_project

    with ExitStack() as stack:
        try:
            project = stack.enter_context(open_project(_pikku_folder))
            _ = (
                project.generated
            )  # now, so that what is wrong fails the fixture and not each use of it
        except (ProjectError, SettingsError) as error:
            message = f'The project in "{_pikku_folder}" cannot be generated:\n{error}'
            # As `pytest.fail` does it, without the error that says the same.
            raise pytest.fail.Exception(message, pytrace=False) from None
        yield project


@pytest.hookimpl
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs a coroutine test in an event loop of its own, where nobody else does.

    Plugins for async tests come before this one, or put a function that blocks in the place of the coroutine function. Behind
    it is only pytest's own implementation, which fails every async test that is left.
    """
    test = pyfuncitem.obj
    if not inspect.iscoroutinefunction(test) or not pyfuncitem.config.getini("pikku_async"):
        return None
    project = read_project_file(pyfuncitem.path.parent)
    if project is None or not project.uses_pikku:
        return None
    import asyncio  # a run of pytest without async tests does not wait for it

    given = pyfuncitem.funcargs
    arguments = {name: given[name] for name in inspect.signature(test).parameters if name in given}
    with asyncio.Runner() as runner:
        runner.run(test(**arguments))
    return True
