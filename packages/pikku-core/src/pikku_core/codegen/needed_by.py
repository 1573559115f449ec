"""Who reads each secret and variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.codegen.services import required_services, used_callables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin.model import Json, Project

DEFINITIONS: Final = ("secrets", "variables")
"""The kinds of declarations that define a value of the environment."""


def needed_by(project: Project, kind: str) -> dict[str, Json]:
    """Who reads each definition of a kind: functions, services, callables, declarations: `{"stripe_key": {"service": ["stripe"]}}`.

    Services and callables that nothing needs are left out, as they are from all that is generated.
    """
    if kind not in DEFINITIONS:
        return {}
    ids = sorted(each.id for each in project.declarations if each.kind == kind)
    users: dict[str, dict[str, list[str]]] = {identity: {} for identity in ids}
    for what, name, read in _readers(project, kind):
        # What no one declared is reported, and what a filter left out is not there.
        for identity in ids if "*" in read else [each for each in read if each in users]:
            users[identity].setdefault(what, []).append(name)
    return {
        identity: {what: [*names] for what, names in users[identity].items()} for identity in ids
    }


def _readers(project: Project, kind: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Kind and name of each reader, with what it reads."""
    if kind == "variables":
        for identity in sorted(project.functions):
            yield "function", identity, project.functions[identity].variables
        for declaration in project.declarations:
            yield "declaration", declaration.id, declaration.variables
    for identity in required_services(project):
        service = project.services[identity]
        yield "service", identity, service.secrets if kind == "secrets" else service.variables
    for key in used_callables(project):
        model = project.callables[key]
        yield "callable", key, model.secrets if kind == "secrets" else model.variables
