"""A project under test: generated into a temporary folder, loaded with services that the test replaces."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

from pikku_core.build.pipeline import CACHE, BuildResult, build
from pikku_core.plugin.discovery import Selection
from pikku_core.plugin.loader import load_plugins
from pikku_core.plugin.target import resolve
from pikku_core.runtime.app import App
from pikku_core.runtime.host import options_of
from pikku_core.settings import RawSettings, Settings, read_raw, resolve_settings
from pikku_core.sources import MissingSourceError, list_sources
from pikku_core.testing.blocking import BlockingApp, run_with_session
from pikku_core.testing.importing import importable, refuse_foreign
from pikku_core.testing.replaced import (
    refuse_bare,
    refuse_misspelt,
    refuse_undefined,
    refuse_unknown,
)
from pikku_core.testing.run import Run
from pikku_core.testing.values import FakeVariables

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from os import PathLike

    from pikku_core.plugin.registry import Registry

P = TypeVar("P", bound="PikkuProject")

AppRun: TypeAlias = Run[BlockingApp, App]
"""An App while its context lasts: `with` gives a `BlockingApp`, `async with` the `App` itself."""


class ProjectError(AssertionError):
    """The project cannot be generated; the message has every diagnostic, a line each."""

    def __init__(self, result: BuildResult) -> None:
        super().__init__("\n".join(str(one) for one in result.diagnostics))
        self.result = result


class PikkuProject:
    """A project of tests; the fixture `pikku` is the one round the test.

    It is generated into a folder of its own when something first needs it, and again once a source file has changed.
    The project's `.pikku/` is neither read nor written.

    Args:
        folder: Where to generate; whoever makes the object removes it.

    Attributes:
        root: The project's folder: the one of `pyproject.toml`.
        registry: What plugins declare.
    """

    host: ClassVar[str] = "testing"
    """The host kind of mounts with which plugins add methods to projects: their targets are subclasses of this class."""

    def __init__(self, settings: Settings, registry: Registry, folder: Path) -> None:
        self.root = settings.root
        self.registry = registry
        # A path elsewhere would be one in the project; and tests are of all of it.
        self.settings = replace(settings, outputs={}, filter=())
        self._folder = folder
        self._number = 0
        self._state: object = None
        self._result: BuildResult | None = None

    def build(self) -> BuildResult:
        """What `pikku` would find and write, whatever comes of it; the last result where nothing has changed."""
        state = self._source_state()
        if self._result is None or state != self._state:
            cache, self._number = self._out / CACHE, self._number + 1
            if cache.is_dir():
                shutil.copytree(cache, self._out / CACHE)
            self._result = build(
                self.root, settings=self.settings, registry=self.registry, out=self._out
            )
            self._state = state
        return self._result

    @property
    def generated(self) -> Path:
        """The folder of the generated files.

        Raises:
            ProjectError: The project has errors.
        """
        result = self.build()
        if result.failed:
            raise ProjectError(result)
        return self._out

    def app(self, *, variables: Mapping[str, str] | None = None, **services: Any) -> AppRun:
        """The project's App with services replaced, for `with` (in a background event loop) or `async with`.

        ```python
        with pikku.app(database=FakeDatabase(), variables={"PAGE_SIZE": "5"}) as app:
            answer = app.call("greet", Greet(name="Ada"), session=Session(user_id="1"))
        ```

        Args:
            variables: The environment, from which the project's secrets and variables are read, and from nowhere else; or what
                `fake_variables` made. Default: the environment of the process.
            services: What stands in for services, by name; `config` is one, an addon's is `**{"acme:mailer": …}`. They are
                neither started nor stopped, and nothing is started or read that only they would have needed. `secrets` is
                what `fake_secrets` made.

        Raises:
            DeclarationError: No service has the name, or no secret or variable that of one in a fake; a key of `variables`
                looks like a misspelt one of the project.
            ImportError: Modules of another project have been imported under the names of this one's.
            ProjectError: The project has errors.
        """
        load = partial(self.load, variables=variables, **services)
        return Run(lambda: run_with_session(load(), self._session), load)

    def load(self, *, variables: Mapping[str, str] | None = None, **services: Any) -> App:
        """The same App, not started."""
        generated, project = self.generated, self.build().project
        refuse_foreign(self.root, project.modules)
        refuse_unknown(services, project, self.registry)
        for fake in (services.get("secrets"), variables):
            refuse_undefined(fake, project)
        refuse_bare(services)
        if variables is not None:
            refuse_misspelt(variables, project)
        if isinstance(variables, FakeVariables):
            services["variables"] = variables
        environment = os.environ if variables is None else variables
        options = options_of(self.registry, variables=environment)
        options["instances"] = services
        return App.load(generated, check_fresh=False, **options)

    @property
    def _session(self) -> str | None:
        session = self.build().project.session
        return None if session is None else str(session)

    @property
    def _out(self) -> Path:
        return self._folder / str(self._number) / ".pikku"

    def _source_state(self) -> object:
        """What differs once the settings or a source file have changed."""
        changed = (self.root / "pyproject.toml").stat().st_mtime_ns
        try:
            return changed, list_sources(self.root, self.settings.source)
        except MissingSourceError as error:
            return changed, error.entry


@contextmanager
def open_project(
    root: str | PathLike[str], *, registry: Registry | None = None
) -> Generator[PikkuProject]:
    """A project for tests, for a fixture `pikku` that is another one than that round the test.

    ```python
    @pytest.fixture(scope="session")
    def pikku() -> Iterator[PikkuProject]:
        with open_project("examples/shop") as project:
            yield project
    ```

    Its modules can be imported until the end.

    Args:
        root: The project's folder: the one of `pyproject.toml`.
        registry: What plugins declare. Default: what is installed and the project's settings leave on.

    Raises:
        SettingsError: The project's settings cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="pikku-test-") as folder:
        project = make_project(PikkuProject, Path(root), Path(folder), registry)
        with importable(project.root, project.settings.source):
            yield project


def make_project(kind: type[P], root: Path, folder: Path, registry: Registry | None) -> P:
    """A project of a class, extended by what plugins add for tests."""
    raw = read_raw(root.resolve())
    if registry is None:
        registry = load_plugins(selection(raw))
    classes: list[type[PikkuProject]] = [
        resolve(target)
        for component in registry.serve_components.values()
        for host, target in component.mounts
        if host == kind.host
    ]
    extended: Any = type(kind.__name__, (*classes, kind), {})
    project: P = extended(resolve_settings(raw, registry), registry, folder)
    return project


def selection(raw: RawSettings) -> Selection:
    """The plugins that a project's settings and `PIKKU_PLUGINS` leave on."""
    only = Selection.from_environment().only
    return Selection(only=only, disabled=frozenset(raw.disabled))
