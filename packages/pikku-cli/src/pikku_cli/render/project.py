"""A project as facts: what `pikku info` shows and prints as JSON."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypedDict

from pikku_cli.render.layers import layers, outer, ways
from pikku_core.codegen.needed_by import needed_by
from pikku_core.plugin.spelling import type_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pikku_core.plugin import Project
    from pikku_core.plugin.model import Json, Parameter
    from pikku_core.plugin.registry import Registry


class FunctionFacts(TypedDict):
    """One function; `place` is its `file:line`, `wirings` the ids of those that name it."""

    id: str
    place: str
    needs_session: bool
    exposed: bool
    readonly: bool
    scopes: list[str]
    services: list[str]
    tags: list[str]
    middleware: list[str]
    permissions: list[str]
    rpc: list[str]
    wirings: list[str]


class WiringFacts(TypedDict):
    """One wiring."""

    id: str
    function: str
    place: str
    tags: list[str]


class ServiceFacts(TypedDict):
    """One service, and the functions, services, middleware and permissions that ask for it."""

    id: str
    scope: str
    place: str
    used_by: list[str]


class TagFacts(TypedDict):
    """One tag, and what carries it itself; what is declared for it holds for tags below it too."""

    tag: str
    functions: list[str]
    wirings: list[str]
    middleware: list[str]
    permissions: list[str]


class MiddlewareFacts(TypedDict):
    """One middleware, and the wirings and exposed functions that it stands round, each with the levels that name it.

    So is what a transport declares to stand outside of all middleware, such as `http_cors`, with that name as its key.
    """

    key: str
    place: str
    around: dict[str, list[str]]


class DefinitionFacts(TypedDict):
    """A secret or variable, and who reads it by kind; what its value is, `pikku secrets` and `pikku variables` say."""

    name: str
    key: str
    type: str
    optional: bool
    description: str
    docs_url: str
    place: str
    needed_by: Json


def functions(project: Project) -> list[FunctionFacts]:
    """The functions, by id."""
    wired: dict[str, list[str]] = defaultdict(list)
    for wiring in sorted(project.wirings, key=lambda one: (one.kind, one.id)):
        wired[wiring.function].append(wiring.id)
    return [
        {
            "id": function.id,
            "place": str(function.location),
            "needs_session": function.needs_session,
            "exposed": function.expose,
            "readonly": function.readonly,
            "scopes": list(function.scopes),
            "services": _asked(function.parameters, project),
            "tags": list(function.tags),
            "middleware": list(function.middleware),
            "permissions": list(function.permissions),
            "rpc": list(function.rpc),
            "wirings": wired[function.id],
        }
        for function in project.functions.values()
    ]


def wirings(project: Project) -> dict[str, list[WiringFacts]]:
    """The wirings of each kind, by id."""
    found: dict[str, list[WiringFacts]] = defaultdict(list)
    for wiring in sorted(project.wirings, key=lambda one: (one.kind, one.id)):
        found[wiring.kind].append(
            {
                "id": wiring.id,
                "function": wiring.function,
                "place": str(wiring.location),
                "tags": list(wiring.tags),
            }
        )
    return dict(found)


def services(project: Project) -> list[ServiceFacts]:
    """The services, by id."""
    users: dict[str, set[str]] = defaultdict(set)
    for asking in (project.functions, project.services, project.callables):
        for name, model in asking.items():
            for service in _asked(model.parameters, project):
                users[service].add(name)
    return [
        {
            "id": service.id,
            "scope": service.scope,
            "place": str(service.location),
            "used_by": sorted(users[service.id]),
        }
        for service in project.services.values()
    ]


def tags(project: Project) -> list[TagFacts]:
    """The tags that something carries or is declared for, by name."""
    declared = [one for one in project.declarations if one.tag]
    carried = {tag for one in project.functions.values() for tag in one.tags}
    carried |= {tag for one in project.wirings for tag in one.tags}
    return [
        {
            "tag": tag,
            "functions": [one.id for one in project.functions.values() if tag in one.tags],
            "wirings": sorted(one.id for one in project.wirings if tag in one.tags),
            "middleware": [key for one in declared if one.tag == tag for key in one.middleware],
            "permissions": [key for one in declared if one.tag == tag for key in one.permissions],
        }
        for tag in sorted(carried | {one.tag for one in declared})
    ]


def middleware(project: Project, registry: Registry) -> list[MiddlewareFacts]:
    """The middleware, by key."""
    around: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for way in ways(project):
        for layer in layers(way, project, registry):
            for key in layer.source.middleware:
                around[key][way.id].append(str(layer))
    named = {key for one in project.functions.values() for key in one.middleware}
    named |= {key for one in project.declarations for key in one.middleware}
    return [
        *_outer(project, registry),
        *(
            MiddlewareFacts(
                key=key,
                place=str(project.callables[key].location),
                around=dict(around[key]),
            )
            for key in sorted(named & project.callables.keys())
        ),
    ]


def _outer(project: Project, registry: Registry) -> Iterator[MiddlewareFacts]:
    around: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for way in ways(project):
        for layer in outer(way, project, registry):
            around[layer.source.id][way.id] = [str(layer)]
    for one in project.declarations:
        if "layer" in one.meta:
            yield MiddlewareFacts(
                key=str(one.meta["layer"]), place=str(one.location), around=around[one.id]
            )


def definitions(project: Project, kind: str) -> list[DefinitionFacts]:
    """The secrets, or the variables, by name."""
    users = needed_by(project, kind)
    return [
        {
            "name": one.id,
            "key": str(one.meta["key"]),
            "type": "" if one.type is None else type_key(one.type),
            "optional": bool(one.meta["optional"]),
            "description": str(one.meta["description"]),
            "docs_url": str(one.meta["docs_url"]),
            "place": str(one.location),
            "needed_by": users[one.id],
        }
        for one in sorted(project.declarations, key=lambda each: each.id)
        if one.kind == kind
    ]


def _asked(parameters: Iterable[Parameter], project: Project) -> list[str]:
    """The services among what is injected; the rest are wire things."""
    return sorted({one.provider for one in parameters} & project.services.keys())
