"""Who may call an operation, and how callers say who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pikku_http.http.filters import concerns
from pikku_http.http.security import PLACES
from pikku_http.http.wiring import pattern_regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pikku_core.plugin import DeclarationModel, FunctionModel, Project, WiringModel
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


def access_of(wiring: WiringModel, project: Project) -> Access:
    """Who may call a wiring."""
    function = project.functions[wiring.function]
    scopes = list(dict.fromkeys((*wiring.scopes, *function.scopes)))
    needed = function.needs_session or wiring.auth is True or bool(scopes)
    looks = any(one.provider == "session" for one in function.parameters)
    refuses = bool(scopes) or (needed and not function.readonly) or _is_guarded(wiring, project)
    if not needed and not looks:
        return Access(may_refuse=refuses)
    ways: list[Schema] = [{name: scopes} for name in _schemes(wiring, project)]
    return Access(security=tuple(ways if needed else [{}, *ways]), may_refuse=refuses)


def schemes(project: Project) -> dict[str, Schema]:
    """All ways to say who calls, by name."""
    found = {str(one.meta["name"]): _scheme(one) for one in _declared(project)}
    return found or {BEARER: {"type": "http", "scheme": "bearer"}}


def _schemes(wiring: WiringModel, project: Project) -> Sequence[str]:
    declared = list(_declared(project))
    route = str(wiring.meta["route"])
    names = [
        str(one.meta["name"])
        for one in declared
        if pattern_regex(str(one.meta["pattern"])).fullmatch(route)
    ]
    return names if declared else [BEARER]


def _declared(project: Project) -> Iterator[DeclarationModel]:
    for declaration in sorted(project.declarations, key=lambda one: one.id):
        if declaration.kind == "http" and declaration.meta["type"] == "security":
            yield declaration


def _scheme(declaration: DeclarationModel) -> Schema:
    meta = declaration.meta
    place = next(place for place in PLACES if meta[place])
    scheme: dict[str, Any] = {"type": "http", "scheme": meta["scheme"]}
    if place != "scheme":
        scheme = {"type": "apiKey", "in": place, "name": meta[place]}
    if meta["description"]:
        scheme["description"] = meta["description"]
    return scheme


def _is_guarded(wiring: WiringModel, project: Project) -> bool:
    """Whether a permission is asked: of all, of a tag, of the wiring, of the function."""
    function = project.functions[wiring.function]
    if wiring.alternatives or function.alternatives:
        return True
    tags = _tags(wiring, function)
    return any(
        (declaration.kind == "permissions" and (not declaration.tag or declaration.tag in tags))
        or (
            declaration.kind == "http"
            and declaration.meta["type"] == "permissions"
            and concerns(declaration, [wiring])
        )
        for declaration in project.declarations
    )


def _tags(wiring: WiringModel, function: FunctionModel) -> set[str]:
    """The tags of a wiring and its function, with those that they lie in: `a` for `a:b`."""
    return {
        ":".join(words[:count])
        for words in (tag.split(":") for tag in (*wiring.tags, *function.tags))
        for count in range(1, len(words) + 1)
    }
