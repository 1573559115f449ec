"""`pikku_services_gen.py`: the services that something needs, and who needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.codegen.functions import injected
from pikku_core.codegen.module import Factory, render_module
from pikku_core.codegen.names import factory_names
from pikku_core.plugin.declarations import GeneratedFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.plugin.model import (
        DeclarationModel,
        FunctionModel,
        Json,
        Parameter,
        Project,
        ServiceModel,
    )

PATH: Final = "pikku_services_gen.py"


def used_callables(project: Project) -> list[str]:
    """The keys of the middleware and permissions that some function, wiring or declaration names."""
    named: list[FunctionModel | DeclarationModel] = [
        *project.functions.values(),
        *project.wirings,
        *project.declarations,
    ]
    keys = {key for each in named for key in (*each.middleware, *each.permissions)}
    return sorted(keys & set(project.callables))


def service_closure(project: Project, providers: Iterable[str]) -> set[str]:
    """The services among what is asked for, and those that these services ask for in turn."""
    closure: set[str] = set()
    pending = list(providers)
    while pending:
        service = project.services.get(pending.pop())
        if service is not None and service.id not in closure:
            closure.add(service.id)
            pending += [parameter.provider for parameter in service.parameters]
    return closure


def function_services(project: Project) -> dict[str, list[str]]:
    """The services of each function, its own middleware's and permissions' included."""
    return {
        identity: sorted(service_closure(project, _providers(project, project.functions[identity])))
        for identity in sorted(project.functions)
    }


def required_services(project: Project) -> list[str]:
    """The services that a function, a used middleware or permission, or what runs a wiring needs."""
    parameters = [
        parameter
        for function in project.functions.values()
        for parameter in _asked(project, function)
    ]
    for key in used_callables(project):
        parameters += project.callables[key].parameters
    asked = {parameter.provider for parameter in parameters}
    return sorted(service_closure(project, asked | wiring_needs(project)))


def wiring_needs(project: Project) -> set[str]:
    """What runs the wirings asks for."""
    return {name for wiring in project.wirings for name in wiring.needs}


def render_services(project: Project) -> GeneratedFile:
    """The services' literals and factories."""
    services = {identity: project.services[identity] for identity in required_services(project)}
    names = factory_names({identity: identity for identity in services})
    rows = {identity: _row(service, names[identity]) for identity, service in services.items()}
    content = render_module(
        docstring="The services that the functions need.",
        imports=["from typing import Any"],
        literals=[
            ("SERVICES", "dict[str, dict[str, Any]]", rows),
            ("FUNCTION_SERVICES", "dict[str, list[str]]", function_services(project)),
            ("REQUIRED", "list[str]", list(services)),
            ("WIRING_NEEDS", "list[str]", sorted(wiring_needs(project))),
        ],
        factories=[
            Factory(
                name=names[identity],
                returns="Any",
                value=service.origin,
                comment=str(service.location),
            )
            for identity, service in services.items()
        ],
    )
    return GeneratedFile(path=PATH, content=content)


def _providers(project: Project, function: FunctionModel) -> list[str]:
    return [parameter.provider for parameter in _asked(project, function)]


def _asked(project: Project, function: FunctionModel) -> list[Parameter]:
    keys = (*function.middleware, *function.permissions)
    callables = [project.callables[key] for key in keys if key in project.callables]
    return [*function.parameters, *(p for each in callables for p in each.parameters)]


def _row(service: ServiceModel, factory: str) -> dict[str, Json]:
    return {
        "factory": factory,
        "scope": service.scope,
        "kind": service.kind.value,
        **injected(service.parameters),
        "addon": service.addon,
    }
