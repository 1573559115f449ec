"""Checks of a whole project: checks of readiness against services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.nearest import nearest_name
from pikku_core.plugin import Diagnostic
from pikku_http.http.mounts.checks import declarations_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Project


def readiness(project: Project) -> Iterator[Diagnostic]:
    """PKU915: a check is of no service."""
    singletons = {name for name, one in project.services.items() if one.scope == "singleton"}
    for declared in declarations_of(project, "readiness"):
        if declared.service not in singletons:
            near = nearest_name(declared.service, sorted(singletons))
            yield Diagnostic(
                code="PKU915",
                message=f'There is no singleton service "{declared.service}" to be checked.',
                location=declared.location,
                hint=f'Did you mean "{near}"?' if near else "Name a service of the project.",
            )
