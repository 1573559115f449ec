"""Where a function can be deployed: in a process that stays, or in one that is started for a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.plugin.diagnostics import Diagnostic, Location
from pikku_core.select import codes
from pikku_core.select.needs import Needs, Thing, ThingKind, reach
from pikku_core.select.problem import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pikku_core.plugin.model import FunctionModel, Project
    from pikku_core.plugin.registry import Registry
    from pikku_core.settings import Settings

SERVER: Final = "server"
SERVERLESS: Final = "serverless"


def deploy_target(function: FunctionModel, needs: Needs, settings: Settings) -> str:
    """`server` or `serverless`: what the function states, else what its services allow, else the setting's default.

    What it calls through `rpc` does not count: that may run elsewhere.
    """
    if function.deploy:
        return function.deploy
    if _incompatible(settings) and _bound(function, needs, settings):
        return SERVER
    return str(settings.plugins.get("deploy", {}).get("default_target", SERVERLESS))


def deploy_problems(
    project: Project, settings: Settings, registry: Registry
) -> Iterator[Diagnostic]:
    """Functions that state `serverless` and need a service that is not, and names in the setting that are no services."""
    known = {*project.services, *registry.services}
    for name in _incompatible(settings):
        if name not in known:
            yield Diagnostic(
                code=codes.NO_SUCH_SERVICE.code,
                message=f'The setting "deploy.serverless_incompatible" names "{name}", and there is no such service'
                f"{nearest(name, known)}.",
                location=Location("pyproject.toml", 1),
                hint="Name services of the project, of its addons or of plugins.",
            )
    stated = [each for each in project.functions.values() if each.deploy == SERVERLESS]
    if not stated:
        return
    needs = Needs(project)
    for function in stated:
        bound = _bound(function, needs, settings)
        if bound:
            named = ", ".join(f'"{name}"' for name in bound)
            yield Diagnostic(
                code=codes.NOT_SERVERLESS.code,
                message=f'The function "{function.id}" is deployed serverless and needs {named}, '
                'which "deploy.serverless_incompatible" names.',
                location=function.location,
                hint='Write deploy="server", or let it do without.',
                related=(project.services[bound[0]].location,),
            )


def _bound(function: FunctionModel, needs: Needs, settings: Settings) -> list[str]:
    """The services that keep a function out of serverless deployments, sorted."""
    incompatible = _incompatible(settings)
    roots = [Thing(ThingKind.FUNCTION, function.id), *needs.universal]
    reached = reach(needs, roots, without=frozenset({ThingKind.FUNCTION}))
    return sorted(
        thing.id
        for thing in reached
        if thing.kind is ThingKind.SERVICE and thing.id in incompatible
    )


def _incompatible(settings: Settings) -> Collection[str]:
    value = settings.plugins.get("deploy", {}).get("serverless_incompatible", ())
    return value if isinstance(value, tuple) else ()
