"""Functions that clients may call by name although nothing guards them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.codegen import codes
from pikku_core.plugin.diagnostics import Diagnostic
from pikku_core.plugin.model import WiringModel
from pikku_core.select.concerns import concerns
from pikku_core.tags import ancestry

if TYPE_CHECKING:
    from pikku_core.plugin.model import FunctionModel, Project
    from pikku_core.plugin.registry import Registry


def exposed_problems(project: Project, registry: Registry) -> list[Diagnostic]:
    """PKU574: a function is exposed, needs no session, no permission is asked, and it does not say that this is meant.

    What a transport declares by its own rules guards one that is called through that transport alone.
    """
    return [
        Diagnostic(
            code=codes.UNGUARDED.code,
            message=f'"{function.id}" is exposed, and nothing guards it: anybody may call it.',
            location=function.location,
            hint='Mark it with pikku_func, give it permissions, or say that it is meant: expose="public".',
        )
        for function in project.functions.values()
        if function.expose and not function.public and not _is_guarded(function, project, registry)
    ]


def _is_guarded(function: FunctionModel, project: Project, registry: Registry) -> bool:
    tags = {"", *ancestry(function.tags)}
    declared = (each for each in project.declarations if each.kind == "permissions")
    return (
        function.needs_session
        or bool(function.alternatives)
        or any(each.alternatives and each.tag in tags for each in declared)
        or _is_guarded_on_the_way(function, project, registry)
    )


def _is_guarded_on_the_way(function: FunctionModel, project: Project, registry: Registry) -> bool:
    """Whether transports serve it by its name, and declare permissions for that on each."""
    served = [one for one in project.wirings if one.implied and one.function == function.id]
    declared = [one for one in project.declarations if not isinstance(one, WiringModel)]
    return bool(served) and all(
        any(
            each.kind == wiring.kind and each.alternatives and concerns(each, [wiring], registry)
            for each in declared
        )
        for wiring in served
    )
