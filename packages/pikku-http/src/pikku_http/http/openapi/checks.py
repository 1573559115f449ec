"""What of a project an OpenAPI document cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin import Diagnostic, Severity
from pikku_http.http.openapi.names import path_shape, route_of
from pikku_http.http.openapi.ways import FactoryCalls, UnreadError, ways_of
from pikku_http.http.wiring import pattern_regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import DeclarationModel, FunctionModel, Project, WiringModel


def openapi(project: Project) -> Iterator[Diagnostic]:
    """PKU892 to PKU894: routes that cannot be told apart; ways to say who calls of one name, or that cannot be read."""
    for wiring, other in left_out(project):
        yield Diagnostic(
            code="PKU892",
            message=f'The OpenAPI document cannot tell "{wiring.meta["route"]}" from '
            f'"{other.meta["route"]}", and leaves it out.',
            location=wiring.location,
            hint="It is served all the same; another text in the route would tell the two apart.",
            severity=Severity.WARNING,
            related=(other.location,),
        )
    first: dict[str, DeclarationModel] = {}
    for declaration in sorted(project.declarations, key=lambda one: (one.location, one.id)):
        if declaration.kind != "http" or declaration.meta["type"] != "security":
            continue
        name = str(declaration.meta["name"])
        if first.setdefault(name, declaration) is not declaration:
            yield Diagnostic(
                code="PKU893",
                message=f'There are two declarations of "http_security" of the name "{name}".',
                location=declaration.location,
                hint="Give one of them another name.",
                related=(first[name].location,),
            )

    yield from _unread(project, [str(one.meta["pattern"]) for one in first.values()])


def _unread(project: Project, declared: list[str]) -> Iterator[Diagnostic]:
    """PKU894: a way to say who calls that only running the project would tell, on a route of which no declaration says one.

    Args:
        declared: The patterns of the declarations.
    """
    calls = FactoryCalls(project)
    patterns = [pattern_regex(pattern) for pattern in declared]
    concerned = {
        call
        for wiring in project.wirings
        if wiring.kind == "http"
        and not any(pattern.fullmatch(str(wiring.meta["route"])) for pattern in patterns)
        for call in calls.of(wiring)
    }
    places: list[DeclarationModel | FunctionModel] = [*project.declarations]
    places += project.functions.values()
    for place in sorted(places, key=lambda one: (one.location, one.id)):
        for call in place.factory_calls:
            if call not in concerned:
                continue
            try:
                ways_of(call)
            except UnreadError as error:
                concerned.remove(call)
                factory = str(call.function).rpartition(":")[2]
                yield Diagnostic(
                    code="PKU894",
                    message=f'The option "{error.option}" of "{factory}" is no literal, so the OpenAPI document '
                    "cannot say how callers say who they are.",
                    location=place.location,
                    hint='Write it out, or declare it with "http_security".',
                    severity=Severity.WARNING,
                )


def left_out(project: Project) -> Iterator[tuple[WiringModel, WiringModel]]:
    """The wirings that another of the same method hides, each with that one: `/{rest:path}` beside `/{name}`."""
    seen: dict[tuple[str, str], WiringModel] = {}
    wirings = [wiring for wiring in project.wirings if wiring.kind == "http"]
    for wiring in sorted(wirings, key=lambda one: (":path}" in one.id, one.id)):
        route = route_of(wiring)
        other = seen.setdefault((str(wiring.meta["method"]), path_shape(route)), wiring)
        if other is not wiring and route.shape != route_of(other).shape:
            yield wiring, other
