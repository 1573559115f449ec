"""Who may call an operation, and how callers say who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pikku_core.tags import ancestry
from pikku_http.http.security import PLACES
from pikku_http.http.wiring import pattern_regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.plugin import DeclarationModel, Project, WiringModel
    from pikku_http.http.openapi.components import Schema

BEARER: Final = "bearer"
"""What a project without `http_security` is documented with: a 401 asks for it unless an error says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may call an operation.

    Attributes:
        security: Its security requirement; empty where nothing of the caller is looked at.
        may_refuse: Whether a caller who is known may be refused.
    """

    security: tuple[Schema, ...] = ()
    may_refuse: bool = False


class Gates:
    """What a project declares of who may call, for all its wirings."""

    def __init__(self, project: Project) -> None:
        self._functions = project.functions
        declared = [
            one
            for one in project.declarations
            if one.kind == "http" and one.meta["type"] == "security"
        ]
        self._declared = sorted(declared, key=lambda one: one.id)
        self._patterns = [
            (str(one.meta["name"]), pattern_regex(str(one.meta["pattern"])))
            for one in self._declared
        ]
        self._guarded = {one.tag for one in project.declarations if one.kind == "permissions"}

    def access(self, wiring: WiringModel) -> Access:
        """Who may call a wiring."""
        function = self._functions[wiring.function]
        scopes = list(dict.fromkeys((*wiring.scopes, *function.scopes)))
        needed = function.needs_session or wiring.auth is True or bool(scopes)
        looks = any(one.provider == "session" for one in function.parameters)
        refuses = bool(scopes) or (needed and not function.readonly) or self._is_guarded(wiring)
        if not needed and not looks:
            return Access(may_refuse=refuses)
        ways: list[Schema] = [{name: scopes} for name in self._schemes(wiring)]
        return Access(security=tuple(ways if needed else [{}, *ways]), may_refuse=refuses)

    def schemes(self) -> dict[str, Schema]:
        """All ways to say who calls, by name."""
        found = {str(one.meta["name"]): _scheme(one) for one in self._declared}
        return found or {BEARER: {"type": "http", "scheme": "bearer"}}

    def _schemes(self, wiring: WiringModel) -> Sequence[str]:
        route = str(wiring.meta["route"])
        names = [name for name, pattern in self._patterns if pattern.fullmatch(route)]
        return names if self._declared else [BEARER]

    def _is_guarded(self, wiring: WiringModel) -> bool:
        """Whether a permission is asked: of all, of a tag, of the wiring, of the function."""
        function = self._functions[wiring.function]
        if wiring.alternatives or function.alternatives or "" in self._guarded:
            return True
        return not self._guarded.isdisjoint(ancestry((*wiring.tags, *function.tags)))


def _scheme(declaration: DeclarationModel) -> Schema:
    meta = declaration.meta
    place = next(place for place in PLACES if meta[place])
    scheme: dict[str, Any] = {"type": "http", "scheme": meta["scheme"]}
    if place != "scheme":
        scheme = {"type": "apiKey", "in": place, "name": meta[place]}
    if meta["description"]:
        scheme["description"] = meta["description"]
    return scheme
