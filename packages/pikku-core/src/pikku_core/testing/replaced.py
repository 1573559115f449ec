"""What a test may replace: services, secrets and variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pikku_core.errors import DeclarationError
from pikku_core.nearest import nearest_name
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
            near = nearest_name(name, sorted(known))
            hint = f' Is it "{near}"?' if near else ""
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
            near = nearest_name(name, sorted(known))
            hint = f' Is it "{near}"?' if near else ""
            raise DeclarationError(f'The project has no {what} "{name}".{hint}')


def refuse_bare(services: Mapping[str, object]) -> None:
    """Raises `DeclarationError` for secrets that are a mapping: functions read them as attributes."""
    if isinstance(services.get("secrets"), Mapping):
        raise DeclarationError(
            '"secrets" cannot be a mapping: give "secrets=fake_secrets(name=…)".'
        )


def refuse_misspelt(variables: Mapping[str, str], project: Project) -> None:
    """Raises `DeclarationError` for a key that looks like that of a secret or variable which is not given.

    Any key may be read as `variables["KEY"]`: only one that the process does not have itself and that comes close to a
    defined one is taken for a slip.
    """
    defined = {
        str(each.meta["key"]): each.kind.removesuffix("s")
        for each in project.declarations
        if each.kind in {"secrets", "variables"}
    }
    missing = sorted(defined.keys() - variables.keys())
    for key in variables:
        near = nearest_name(key, missing, cutoff=0.8)
        if key not in defined and near and key not in os.environ:
            raise DeclarationError(
                f'The project has no secret or variable with the key "{key}": '
                f'did you mean that of its {defined[near]}, "{near}"?'
            )


def _services(project: Project, registry: Registry) -> set[str]:
    parameters = [
        *(each.parameters for each in project.functions.values()),
        *(each.parameters for each in project.services.values()),
        *(each.parameters for each in project.callables.values()),
    ]
    asked = {parameter.provider for each in parameters for parameter in each}
    return {*REPLACEABLE, *project.services, *registry.services, *asked}
