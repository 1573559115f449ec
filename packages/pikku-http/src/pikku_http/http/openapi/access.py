"""Who may call an operation, and how callers say who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pikku_core.tags import ancestry
from pikku_http.http.auth.csrf import SAFE
from pikku_http.http.filters import concerns
from pikku_http.http.openapi.ways import (
    FactoryCalls,
    UnreadError,
    Way,
    is_call_of,
    limits_of,
    may_refuse_uncounted,
    ways_of,
)
from pikku_http.http.security import PLACES
from pikku_http.http.wiring import pattern_regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import DeclarationModel, FunctionModel, Project, WiringModel
    from pikku_core.plugin.expression import Call
    from pikku_core.plugin.model import CallableModel
    from pikku_http.http.openapi.components import Schema

FALLBACK: Final = Way("scheme", "bearer")
"""What a route is documented with that needs a session and whose middleware says nothing: a 401 asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may call an operation.

    Attributes:
        security: Its security requirement; empty where nothing of the caller is looked at.
        may_refuse: Whether a caller who is known may be refused.
        errors: Statuses that its middleware answers by itself.
    """

    security: tuple[Schema, ...] = ()
    may_refuse: bool = False
    errors: tuple[int, ...] = ()


class AccessReader:
    """Knows who may call the wirings of a project.

    Attributes:
        schemes: All ways to say who calls, by name.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._calls = FactoryCalls(project)
        self._declared = list(_declared(project))
        self._names: dict[Way, str] = {}
        self.schemes: dict[str, Schema] = {}
        for declaration in self._declared:
            name = str(declaration.meta["name"])
            self._names.setdefault(_way(declaration).key, name)
            self.schemes[name] = _scheme(_way(declaration), str(declaration.meta["description"]))
        wirings = (one for one in project.wirings if one.kind == "http")
        for wiring in sorted(wirings, key=lambda one: one.id):
            for way in _ways(self._calls.of(wiring)):
                self._name(way)
        self._name(FALLBACK)

    def access(self, wiring: WiringModel) -> Access:
        """Who may call a wiring."""
        project = self._project
        function = project.functions[wiring.function]
        calls = self._calls.of(wiring)
        scopes = list(dict.fromkeys((*wiring.scopes, *function.scopes)))
        needed = function.needs_session or wiring.auth is True or bool(scopes)
        guards = list(_guards(wiring, project))
        looks = _looks(function) or any(_looks(one) for one in guards)
        refuses = bool(scopes or guards) or (needed and not function.readonly)
        errors = tuple(_errors(wiring, calls, project))
        if not needed and not looks:
            return Access(may_refuse=refuses, errors=errors)
        ways: list[Schema] = [{name: scopes} for name in self._named(wiring, calls)]
        security = tuple(ways if needed else [{}, *ways])
        return Access(security=security, may_refuse=refuses, errors=errors)

    def _named(self, wiring: WiringModel, calls: list[Call]) -> list[str]:
        """The names of the ways that a wiring has."""
        route = str(wiring.meta["route"])
        names = {
            str(one.meta["name"])
            for one in self._declared
            if pattern_regex(str(one.meta["pattern"])).fullmatch(route)
        }
        names |= {self._name(way) for way in _ways(calls)}
        return sorted(names) or [self._name(FALLBACK)]

    def _name(self, way: Way) -> str:
        """The name of a way: that of the declaration which says the same, or one of its own."""
        known = self._names.get(way.key)
        if known is not None:
            return known
        name, number = way.label, 1
        while name in self.schemes:
            number += 1
            name = f"{way.label}_{number}"
        self._names[way.key] = name
        self.schemes[name] = _scheme(way.key)
        return name


def _ways(calls: list[Call]) -> Iterator[Way]:
    for call in calls:
        try:
            yield from ways_of(call)
        except UnreadError:
            continue  # It is reported: PKU894.


def _errors(wiring: WiringModel, calls: list[Call], project: Project) -> Iterator[int]:
    """What middleware answers whether or not the function needs a session."""
    if any(is_call_of(call, name) for call in calls for name in ("bearer", "api_key")):
        yield 401
    is_safe = str(wiring.meta["method"]).upper() in SAFE
    if not is_safe and any(is_call_of(call, "csrf") for call in calls):
        yield 403
    limits = limits_of(calls)
    if limits:
        yield 429
    if any(may_refuse_uncounted(limit) for limit in limits):
        yield 503
    if any(is_call_of(call, "stored_session") for call in calls):
        function = project.functions[wiring.function]
        if any(one.provider == "sessions" for one in function.parameters):
            yield 409
        yield 503


def _declared(project: Project) -> Iterator[DeclarationModel]:
    for declaration in sorted(project.declarations, key=lambda one: one.id):
        if declaration.kind == "http" and declaration.meta["type"] == "security":
            yield declaration


def _way(declaration: DeclarationModel) -> Way:
    place = next(place for place in PLACES if declaration.meta[place])
    return Way(place, str(declaration.meta[place]))


def _scheme(way: Way, description: str = "") -> Schema:
    scheme: dict[str, Any] = {"type": "http", "scheme": way.name}
    if way.place != "scheme":
        scheme = {"type": "apiKey", "in": way.place, "name": way.name}
    if description:
        scheme["description"] = description
    return scheme


def _looks(asks: FunctionModel | CallableModel) -> bool:
    """Whether a function or a permission looks at who calls."""
    return any(one.provider in {"session", "sessions"} for one in asks.parameters)


def _guards(wiring: WiringModel, project: Project) -> Iterator[CallableModel]:
    """The permissions that are asked: those of all, of a tag, of a pattern, of the wiring, of the function."""
    function = project.functions[wiring.function]
    tags = frozenset(ancestry((*wiring.tags, *function.tags)))
    keys = [*wiring.permissions, *function.permissions]
    for declaration in project.declarations:
        of_all = declaration.kind == "permissions" and not declaration.tag
        of_tag = declaration.kind == "permissions" and declaration.tag in tags
        of_pattern = (
            declaration.kind == "http"
            and declaration.meta["type"] == "permissions"
            and concerns(declaration, [wiring])
        )
        if of_all or of_tag or of_pattern:
            keys += declaration.permissions
    return (project.callables[key] for key in keys)
