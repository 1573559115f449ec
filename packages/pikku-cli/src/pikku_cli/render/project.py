"""A project as facts: what `pikku info` shows and prints as JSON."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.plugin import Project
    from pikku_core.plugin.model import Parameter


class FunctionFacts(TypedDict):
    """One function; `place` is its `file:line`."""

    id: str
    place: str
    needs_session: bool
    exposed: bool
    services: list[str]
    tags: list[str]


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


class Facts(TypedDict):
    """A project; `wirings` by kind."""

    functions: list[FunctionFacts]
    wirings: dict[str, list[WiringFacts]]
    services: list[ServiceFacts]


def facts(project: Project) -> Facts:
    """What there is and who uses what, sorted by name."""
    wirings: dict[str, list[WiringFacts]] = defaultdict(list)
    for wiring in sorted(project.wirings, key=lambda one: (one.kind, one.id)):
        wirings[wiring.kind].append(
            {
                "id": wiring.id,
                "function": wiring.function,
                "place": str(wiring.location),
                "tags": list(wiring.tags),
            }
        )
    users = _users(project)
    return {
        "functions": [
            {
                "id": function.id,
                "place": str(function.location),
                "needs_session": function.needs_session,
                "exposed": function.expose,
                "services": _asked(function.parameters, project),
                "tags": list(function.tags),
            }
            for function in project.functions.values()
        ],
        "wirings": dict(wirings),
        "services": [
            {
                "id": service.id,
                "scope": service.scope,
                "place": str(service.location),
                "used_by": sorted(users[service.id]),
            }
            for service in project.services.values()
        ],
    }


def _users(project: Project) -> dict[str, set[str]]:
    users: dict[str, set[str]] = defaultdict(set)
    for function in project.functions.values():
        for service in _asked(function.parameters, project):
            users[service].add(function.id)
    for asking in project.services.values():
        for service in _asked(asking.parameters, project):
            users[service].add(asking.id)
    for key, asked in project.callables.items():
        for service in _asked(asked.parameters, project):
            users[service].add(key)
    return users


def _asked(parameters: Iterable[Parameter], project: Project) -> list[str]:
    """The services among what is injected; the rest are wire things."""
    return sorted({one.provider for one in parameters} & project.services.keys())
