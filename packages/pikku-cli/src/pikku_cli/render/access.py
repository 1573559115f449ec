"""Who can reach what: for each way into a project the gates that hold on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from pikku_cli.render.layers import layers, short, ways

if TYPE_CHECKING:
    from pikku_cli.render.layers import Way
    from pikku_core.plugin import Project
    from pikku_core.plugin.registry import Registry


class PermissionFacts(TypedDict):
    """Permissions of one level, all of one alternative of which must hold.

    `level` is `global`, `pattern`, `tag`, `wiring` or `function`; `of` is the tag or pattern.
    """

    level: str
    of: str
    place: str
    alternatives: list[list[str]]


class AccessFacts(TypedDict):
    """The gates of one way in, in the order in which they are passed.

    `session_by` says what makes a session needed: `function`, `wiring` (its `auth`) or `scopes`; a caller whose session
    is read-only passes where `readonly` is true. Every group of `permissions` must hold.
    """

    id: str
    function: str
    place: str
    session: bool
    session_by: list[str]
    readonly: bool
    scopes: list[str]
    permissions: list[PermissionFacts]


def access(project: Project, registry: Registry) -> list[AccessFacts]:
    """The gates of every wiring, and of every function that is exposed."""
    return [_access(way, project, registry) for way in ways(project)]


def in_words(groups: list[PermissionFacts]) -> str:
    """`tag admin: is_admin and in_office or is_owner; function: is_author`."""
    return "; ".join(
        f"{' '.join(filter(None, (group['level'], group['of'])))}: "
        + " or ".join(" and ".join(map(short, keys)) for keys in group["alternatives"])
        for group in groups
    )


def _access(way: Way, project: Project, registry: Registry) -> AccessFacts:
    function, wiring = way.function, way.wiring
    scopes = (*(wiring.scopes if wiring else ()), *function.scopes)
    reasons = {
        "function": function.needs_session,
        "wiring": wiring is not None and wiring.auth is True,
        "scopes": bool(scopes),
    }
    permissions: list[PermissionFacts] = [
        {
            "level": layer.level,
            "of": layer.of,
            "place": str(layer.source.location),
            "alternatives": [list(keys) for keys in layer.source.alternatives],
        }
        for layer in layers(way, project, registry)
        if layer.source.alternatives
    ]
    return {
        "id": way.id,
        "function": function.id,
        "place": str((wiring or function).location),
        "session": any(reasons.values()),
        "session_by": [reason for reason, holds in reasons.items() if holds],
        "readonly": function.readonly,
        "scopes": list(dict.fromkeys(scopes)),
        "permissions": permissions,
    }
