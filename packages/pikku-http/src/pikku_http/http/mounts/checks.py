"""Checks of a whole project: what answers below a prefix against the routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin import Diagnostic
from pikku_http.http.mounts.mounts import literal_start
from pikku_http.http.route import parse_route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import DeclarationModel, Project


def mounts(project: Project) -> Iterator[Diagnostic]:
    """PKU912: two things are mounted at one prefix, or a route is below one."""
    first: dict[str, DeclarationModel] = {}
    for mounted in declarations_of(project, "mount", "static"):
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


def declarations_of(project: Project, *types: str) -> list[DeclarationModel]:
    """The declarations of HTTP of these types, by place."""
    found = (
        one for one in project.declarations if one.kind == "http" and one.meta["type"] in types
    )
    return sorted(found, key=lambda one: (one.location, one.id))


def _prefix(declared: DeclarationModel) -> str:
    return str(declared.meta["prefix"]).rstrip("/")
