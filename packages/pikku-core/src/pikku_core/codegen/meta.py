"""`*-meta.gen.json`: all that is known, for tools; the runtime reads none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.codegen.json_text import json_text
from pikku_core.codegen.needed_by import DEFINITIONS
from pikku_core.codegen.services import function_services, required_services
from pikku_core.codegen.wirings import CORE_PATHS, kind_modules
from pikku_core.plugin.declarations import GeneratedFile
from pikku_core.plugin.spelling import type_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_core.codegen.wirings import KindModule
    from pikku_core.plugin.expression import Expression
    from pikku_core.plugin.model import (
        CallableModel,
        DeclarationModel,
        FunctionModel,
        Json,
        Parameter,
        Project,
        ServiceModel,
        WiringModel,
    )


def render_meta(project: Project) -> list[GeneratedFile]:
    """The metadata of functions, services, middleware, permissions, `rpc`, addons and of each kind in use."""
    needed = function_services(project)
    documents: dict[str, Json] = {
        "function/pikku-functions-meta.gen.json": {
            identity: _function(project, project.functions[identity], needed[identity])
            for identity in sorted(project.functions)
        },
        "pikku-services-meta.gen.json": {
            identity: _service(project.services[identity])
            for identity in required_services(project)
        },
        "rpc/pikku-rpc-wirings-meta.internal.gen.json": {
            name: project.rpc_names[name] for name in sorted(project.rpc_names)
        },
    }
    for module in kind_modules(project):
        if module.kind in DEFINITIONS:
            path = f"{module.kind}/pikku-{module.kind}-meta.gen.json"
            documents[path] = {
                each.id: _definition(project, each, module.needed_by)
                for each in module.declarations
            }
        elif module.kind in CORE_PATHS:
            path = f"{module.kind}/pikku-{module.kind}-groups-meta.gen.json"
            documents[path] = _groups(project, module)
        else:
            path = f"{module.kind}/pikku-{module.kind}-wirings-meta.gen.json"
            documents[path] = {
                "wirings": {wiring.id: _wiring(wiring) for wiring in module.wirings},
                "declarations": {each.id: _declaration(each) for each in module.declarations},
            }
    if project.addons:
        documents["addon/pikku-addons-meta.gen.json"] = {
            name: {
                "package": addon.package,
                "distribution": addon.distribution,
                "version": addon.version,
                "auth": addon.auth,
                "scopes": list(addon.scopes),
                "tags": list(addon.tags),
                "source": str(addon.location),
            }
            for name, addon in sorted(project.addons.items())
        }
    return [
        GeneratedFile(path=path, content=json_text(documents[path])) for path in sorted(documents)
    ]


def _function(project: Project, function: FunctionModel, services: Sequence[str]) -> Json:
    return {
        "title": function.title,
        "description": function.description,
        "version": function.version,
        "deploy": function.deploy,
        "tags": list(function.tags),
        "source": str(function.location),
        "kind": function.kind.value,
        "needs_session": function.needs_session,
        "expose": function.expose,
        "readonly": function.readonly,
        "mcp": function.mcp,
        "destructive": function.destructive,
        "idempotent": function.idempotent,
        "scopes": list(function.scopes),
        "input": _type(project, function.data),
        "output": _type(project, function.result),
        "parameters": _parameters(function.parameters),
        "services": list(services),
        "middleware": list(function.middleware),
        "permissions": list(function.permissions),
        "rpc": list(function.rpc),
        "addon": function.addon,
    }


def _service(service: ServiceModel) -> Json:
    return {
        "source": str(service.location),
        "scope": service.scope,
        "kind": service.kind.value,
        "provides": None if service.provides is None else type_key(service.provides),
        "parameters": _parameters(service.parameters),
        "addon": service.addon,
    }


def _groups(project: Project, module: KindModule) -> Json:
    return {
        module.kind: {key: _callable(project.callables[key]) for key in module.callables},
        "declarations": {each.id: _declaration(each) for each in module.declarations},
    }


def _callable(model: CallableModel) -> Json:
    return {
        "source": str(model.location),
        "kind": model.kind.value,
        "factory": model.factory,
        "data": None if model.data is None else type_key(model.data),
        "parameters": _parameters(model.parameters),
    }


def _definition(
    project: Project, definition: DeclarationModel, needed_by: Mapping[str, Json]
) -> Json:
    return {
        "source": str(definition.location),
        "type": _type(project, definition.type),
        **definition.meta,
        "needed_by": needed_by[definition.id],
    }


def _declaration(declaration: DeclarationModel) -> dict[str, Json]:
    return {
        "source": str(declaration.location),
        "tag": declaration.tag,
        "middleware": list(declaration.middleware),
        "permissions": list(declaration.permissions),
        **declaration.meta,
    }


def _wiring(wiring: WiringModel) -> Json:
    return {
        "function": wiring.function,
        "tags": list(wiring.tags),
        "auth": wiring.auth,
        "scopes": list(wiring.scopes),
        **_declaration(wiring),
    }


def _parameters(parameters: Sequence[Parameter]) -> Json:
    return {
        parameter.name: {"provider": parameter.provider, "optional": parameter.optional}
        for parameter in parameters
    }


def _type(project: Project, expression: Expression | None) -> Json:
    """The name of a type's schema, and the type itself."""
    if expression is None:
        return None
    key = type_key(expression)
    known = project.types.get(key)
    return {"type": key, "schema": known.name if known else None}
