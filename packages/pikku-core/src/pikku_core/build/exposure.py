"""Functions that clients may call by name although nothing guards them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.codegen import codes
from pikku_core.plugin.diagnostics import Diagnostic
from pikku_core.tags import ancestry

if TYPE_CHECKING:
    from pikku_core.plugin.model import FunctionModel, Project


def exposed_problems(project: Project) -> list[Diagnostic]:
    """PKU574: a function is exposed, needs no session, no permission is asked, and it does not say that this is meant."""
    return [
        Diagnostic(
            code=codes.UNGUARDED.code,
            message=f'"{function.id}" is exposed, and nothing guards it: anybody may call it.',
            location=function.location,
            hint='Mark it with pikku_func, give it permissions, or say that it is meant: expose="public".',
        )
        for function in project.functions.values()
        if function.expose and not function.public and not _is_guarded(function, project)
    ]


def _is_guarded(function: FunctionModel, project: Project) -> bool:
    tags = {"", *ancestry(function.tags)}
    declared = (each for each in project.declarations if each.kind == "permissions")
    return (
        function.needs_session
        or bool(function.alternatives)
        or any(each.alternatives and each.tag in tags for each in declared)
    )
