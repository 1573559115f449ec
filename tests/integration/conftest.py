"""Projects of the tests' own: written into a folder, generated, loaded and called over HTTP, all in this process."""

from __future__ import annotations

from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Unpack

import pytest

from pikku_core import App
from pikku_core.build import BuildResult, build
from pikku_core.plugin.loader import load_plugins
from pikku_core.settings import load_settings
from pikku_core.testing.importing import forget, importable
from pikku_core.testing.temporary import write_files
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from httpx2 import AsyncClient

    from pikku_core.plugin.registry import Registry
    from pikku_core.runtime.options import AppOptions
    from pikku_core.select import Filters


@dataclass(frozen=True, slots=True)
class Project:
    """A project in a folder.

    Attributes:
        registry: What the plugins declare that it is built with.
    """

    root: Path
    registry: Registry

    @property
    def generated(self) -> Path:
        """The folder of its generated files."""
        return self.root / ".pikku"

    def write(self, files: Mapping[str, str]) -> None:
        """Writes files, by path; common indentation is taken away."""
        write_files(self.root, files)

    def build(self, filters: Filters | None = None) -> BuildResult:
        """Does what `pikku` does, whatever comes of it."""
        settings = load_settings(self.root, self.registry)
        return build(self.root, settings=settings, registry=self.registry, filters=filters)

    def generate(self, filters: Filters | None = None) -> None:
        """Does what `pikku` does, which must go well."""
        result = self.build(filters)
        assert not result.failed, "\n".join(str(one) for one in result.diagnostics)

    def problems(self) -> list[tuple[str, str]]:
        """What `pikku` reports: each code with its place."""
        return [(one.code, str(one.location)) for one in self.build().diagnostics]

    def load(self, *, check_fresh: bool = True, **options: Unpack[AppOptions]) -> App:
        """The App of the generated files."""
        return App.load(self.generated, check_fresh=check_fresh, **options)

    @asynccontextmanager
    async def serve(
        self, *, check_fresh: bool = True, **options: Unpack[AppOptions]
    ) -> AsyncGenerator[AsyncClient]:
        """A client of the running project."""
        async with self.load(check_fresh=check_fresh, **options) as app, client_of(app) as client:
            yield client


class ProjectOf(Protocol):
    """Writes a project and generates it, unless it is told not to."""

    def __call__(
        self,
        files: Mapping[str, str],
        *,
        name: str = "project",
        generate: bool = True,
        registry: Registry | None = None,
    ) -> Project: ...


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def registry() -> Registry:
    """What the installed plugins declare."""
    found = load_plugins()
    assert found.failures == ()
    return found


@contextmanager
def projects_in(folder: Path, given: Registry) -> Generator[ProjectOf]:
    """Makes projects in a folder, importable until the end."""
    with ExitStack() as stack:

        def make(
            files: Mapping[str, str],
            *,
            name: str = "project",
            generate: bool = True,
            registry: Registry | None = None,
        ) -> Project:
            project = Project((folder / name).resolve(), given if registry is None else registry)
            project.write({"pyproject.toml": f'[project]\nname = "{name}"\n'} | dict(files))
            stack.callback(forget, project.root)
            stack.enter_context(importable(project.root))
            if generate:
                project.generate()
            return project

        yield make


@pytest.fixture
def project_of(tmp_path: Path, registry: Registry) -> Iterator[ProjectOf]:
    """Makes projects for one test; `pyproject.toml` is written where the test gives none."""
    with projects_in(tmp_path, registry) as make:
        yield make


@pytest.fixture(scope="module")
def shared_project_of(
    tmp_path_factory: pytest.TempPathFactory, registry: Registry
) -> Iterator[ProjectOf]:
    """Makes projects that the tests of one module share, and none of them changes."""
    with projects_in(tmp_path_factory.mktemp("shared"), registry) as make:
        yield make


@pytest.fixture(scope="session")
def a_project(
    tmp_path_factory: pytest.TempPathFactory, registry: Registry
) -> Callable[[Mapping[str, str]], AbstractContextManager[Project]]:
    """Makes a generated project that is importable while its context lasts."""

    @contextmanager
    def make(files: Mapping[str, str]) -> Generator[Project]:
        with projects_in(tmp_path_factory.mktemp("made"), registry) as project_of:
            yield project_of(files)

    return make
