"""Projects that a test writes itself: for authors of plugins, who need many small ones."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from pikku_core.scan import scan
from pikku_core.testing.importing import forget, importable
from pikku_core.testing.project import PikkuProject, make_project

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from os import PathLike

    from pikku_core.build.pipeline import BuildResult
    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry


class TemporaryProject(PikkuProject):
    """A project whose files the test writes."""

    def write(self, files: Mapping[str, str]) -> None:
        """Writes files, by path relative to the root; common indentation is taken away.

        What a module was is forgotten, so that it is imported as it is now.
        """
        write_files(self.root, files)
        forget(self.root)

    def problems(self) -> list[tuple[str, str]]:
        """What `pikku` reports: the code and the place (`app/wirings.py:3`) of each diagnostic, by place."""
        return [(one.code, str(one.location)) for one in self.build().diagnostics]


@contextmanager
def project_of(
    files: Mapping[str, str],
    *,
    registry: Registry | None = None,
    folder: str | PathLike[str] | None = None,
) -> Generator[TemporaryProject]:
    """A project made of files, importable until the end.

    ```python
    with project_of({"app/main.py": SOURCE}, registry=plugin_registry(acme.plugin)) as project:
        assert project.problems() == [("ACM001", "app/main.py:7")]
    ```

    Args:
        files: Texts by path; `pyproject.toml` is written where it is not among them.
        registry: What plugins declare; see `plugin_registry`. Default: what is installed and the project's settings leave on.
        folder: Where to write the project. Default: a temporary folder, which is removed at the end.
    """
    with tempfile.TemporaryDirectory(prefix="pikku-test-") as scratch:
        place = Path(scratch).resolve()
        root = place / "project" if folder is None else Path(folder).resolve()
        write_files(root, {"pyproject.toml": '[project]\nname = "project"\n', **files})
        project = make_project(TemporaryProject, root, place / "generated", registry)
        with importable(root, project.settings.source):
            try:
                yield project
            finally:
                forget(root)


def scan_project(files: Mapping[str, str], *, registry: Registry | None = None) -> Project:
    """What the scanner finds in files: the linked project, without types; see `project_of` for the arguments."""
    with project_of(files, registry=registry) as project:
        return scan(project.root, project.settings, project.registry, cache=None)


def build_project(files: Mapping[str, str], *, registry: Registry | None = None) -> BuildResult:
    """What `pikku` makes of files: the generated ones are in the result, nothing is left on disk; see `project_of`."""
    with project_of(files, registry=registry) as project:
        return project.build()


def write_files(root: Path, files: Mapping[str, str]) -> None:
    """Writes texts below a folder."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        # Python would take it for current where the file had the same size in the same second.
        Path(cache_from_source(str(file))).unlink(missing_ok=True)
