"""What a test may replace: services, secrets and variables."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from pikku_core.errors import DeclarationError
from pikku_core.testing.values import FakeSecrets, FakeVariables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry


REPLACEABLE = frozenset({"config", "secrets"})
"""The wire things that are the same for every invocation, and given like services."""


def refuse_unknown(names: Iterable[str], project: Project, registry: Registry) -> None:
    """Raises `DeclarationError` for a name that no service of a project has and nothing of it asks for."""
    things = registry.wire_parameters.keys() - REPLACEABLE
    known = _services(project, registry) - things
    for name in names:
        if name in things:
            raise DeclarationError(
                f'"{name}" cannot be replaced: every invocation has its own. A session is given with the call '
                '("session=…"), variables with "variables=…".'
            )
        if name not in known:
            near = get_close_matches(name, sorted(known), n=1)
            hint = f' Is it "{near[0]}"?' if near else ""
            raise DeclarationError(f'The project has no service "{name}".{hint}')


def refuse_undefined(given: object, project: Project) -> None:
    """Raises `DeclarationError` for a secret or variable of a fake that a project does not define."""
    if not isinstance(given, (FakeSecrets, FakeVariables)):
        return
    what = "secret" if isinstance(given, FakeSecrets) else "variable"
    defined = [each.id for each in project.declarations if each.kind == f"{what}s"]
    known = {name.partition(":")[0] for name in defined}  # an addon's stand below its name
    for name in dir(given):
        if name not in known:
            near = get_close_matches(name, sorted(known), n=1)
            hint = f' Is it "{near[0]}"?' if near else ""
            raise DeclarationError(f'The project has no {what} "{name}".{hint}')


def _services(project: Project, registry: Registry) -> set[str]:
    parameters = [
        *(each.parameters for each in project.functions.values()),
        *(each.parameters for each in project.services.values()),
        *(each.parameters for each in project.callables.values()),
    ]
    asked = {parameter.provider for each in parameters for parameter in each}
    return {*REPLACEABLE, *project.services, *registry.services, *asked}
