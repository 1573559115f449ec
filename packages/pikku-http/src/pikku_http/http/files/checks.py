"""Checks of a whole project: folders of files against the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin import Diagnostic
from pikku_http.http.files.folder import folder_problem
from pikku_http.http.mounts.checks import declarations_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Project


def folders(project: Project) -> Iterator[Diagnostic]:
    """PKU914: a folder of files, or the file to fall back on, is not there."""
    if project.root is None:
        return
    for declared in declarations_of(project, "static"):
        directory, fallback = str(declared.meta["directory"]), str(declared.meta["fallback"])
        problem = folder_problem(directory, fallback, project.root)
        if problem:
            yield Diagnostic(
                code="PKU914",
                message=problem,
                location=declared.location,
                hint='It is relative to "pyproject.toml". Where a program makes it, run that first.',
            )
