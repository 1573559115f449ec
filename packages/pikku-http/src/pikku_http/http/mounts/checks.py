"""Checks of a whole project: what is mounted against the routes, folders against the disk, checks against services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.nearest import nearest_name
from pikku_core.plugin import Diagnostic
from pikku_http.http.files.folder import folder_problem
from pikku_http.http.mounts.mounts import literal_start
from pikku_http.http.route import parse_route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import DeclarationModel, Project


def mounts(project: Project) -> Iterator[Diagnostic]:
    """PKU912: two things are mounted at one prefix, or a route is below one."""
    first: dict[str, DeclarationModel] = {}
    for mounted in _declared(project, "mount", "static"):
        other = first.setdefault(_prefix(mounted), mounted)
        if other is not mounted:
            yield Diagnostic(
                code="PKU912",
                message=f'Two things are mounted at "{_prefix(mounted) or "/"}".',
                location=mounted.location,
                hint="Give one of them another prefix.",
                related=(other.location,),
            )
    first.pop("", None)  # What stands behind all routes.
    for wiring in sorted(project.wirings, key=lambda one: (one.location, one.id)):
        if wiring.kind == "http":
            route = str(wiring.meta["route"])
            start = literal_start(parse_route(route))
            for prefix, mounted in first.items():
                if start == prefix or start.startswith(f"{prefix}/"):
                    yield Diagnostic(
                        code="PKU912",
                        message=f'The route "{route}" is below "{prefix}", where something else is mounted.',
                        location=wiring.location,
                        hint="It would never be asked: move one of the two.",
                        related=(mounted.location,),
                    )


def folders(project: Project) -> Iterator[Diagnostic]:
    """PKU914: a folder of files, or the file to fall back on, is not there."""
    if project.root is None:
        return
    for declared in _declared(project, "static"):
        directory, fallback = str(declared.meta["directory"]), str(declared.meta["fallback"])
        problem = folder_problem(directory, fallback, project.root)
        if problem:
            yield Diagnostic(
                code="PKU914",
                message=problem,
                location=declared.location,
                hint='It is relative to "pyproject.toml". Where a program makes it, run that first.',
            )


def readiness(project: Project) -> Iterator[Diagnostic]:
    """PKU915: a check is of no service."""
    singletons = {name for name, one in project.services.items() if one.scope == "singleton"}
    for declared in _declared(project, "readiness"):
        if declared.service not in singletons:
            near = nearest_name(declared.service, sorted(singletons))
            yield Diagnostic(
                code="PKU915",
                message=f'There is no singleton service "{declared.service}" to be checked.',
                location=declared.location,
                hint=f'Did you mean "{near}"?' if near else "Name a service of the project.",
            )


def _declared(project: Project, *types: str) -> list[DeclarationModel]:
    found = (
        one for one in project.declarations if one.kind == "http" and one.meta["type"] in types
    )
    return sorted(found, key=lambda one: (one.location, one.id))


def _prefix(declared: DeclarationModel) -> str:
    return str(declared.meta["prefix"]).rstrip("/")
