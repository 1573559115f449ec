"""`http/openapi.gen.json`: the whole document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from pikku_core.codegen.json_text import json_text
from pikku_core.plugin import GeneratedFile
from pikku_core.plugin.spelling import type_key
from pikku_http.http.openapi import PATH
from pikku_http.http.openapi.access import AccessReader
from pikku_http.http.openapi.checks import left_out
from pikku_http.http.openapi.components import Components
from pikku_http.http.openapi.error_body import ERROR, PROBLEM, PROBLEM_JSON
from pikku_http.http.openapi.names import (
    operation_ids,
    path_names,
    path_of,
    path_shape,
    route_of,
)
from pikku_http.http.openapi.request import JSON, request_of
from pikku_http.http.openapi.responses import failure, failures, file_failures, success
from pikku_http.http.wiring import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin import Project, TypeModel, WiringModel
    from pikku_http.http.openapi.components import Direction, Schema

VERSION: Final = "3.1.1"


def render_openapi(project: Project) -> Iterator[GeneratedFile]:
    """The OpenAPI document of the HTTP wirings; nothing where there are none."""
    if any(wiring.kind == "http" for wiring in project.wirings):
        yield GeneratedFile(path=PATH, content=json_text(document_of(project)))


def document_of(project: Project) -> dict[str, Schema]:
    """The document as a JSON value."""
    skipped = {wiring.id for wiring, _ in left_out(project)}
    order = {method: place for place, method in enumerate(METHODS)}
    wirings = sorted(
        (one for one in project.wirings if one.kind == "http" and one.id not in skipped),
        key=lambda one: (str(one.meta["route"]), order[str(one.meta["method"])]),
    )
    builder = _Builder(project, wirings)
    document: dict[str, Any] = {
        "openapi": VERSION,
        "info": _info(project),
        "servers": [{"url": url} for url in _servers(project)],
        "paths": builder.paths(),
        "components": builder.shared(),
    }
    return {key: value for key, value in document.items() if value or key in {"paths", "info"}}


class _Builder:
    """Makes the operations of some wirings, and keeps what they share."""

    def __init__(self, project: Project, wirings: list[WiringModel]) -> None:
        self._project = project
        self._wirings = wirings
        self._ids = operation_ids(wirings)
        self._names = path_names(route_of(wiring) for wiring in wirings)
        error = _error_type(project)
        self._components = Components(_uses(project, wirings, error))
        self._access = AccessReader(project)
        self._responses: dict[str, Schema] = {}
        self._schemes: set[str] = set()
        self._own_error: dict[str, Schema] = {}
        self._error_content = self._error_bodies(error)

    def paths(self) -> dict[str, Schema]:
        """The operations, by path and method."""
        paths: dict[str, dict[str, Schema]] = {}
        for wiring in self._wirings:
            route = route_of(wiring)
            path = path_of(route, self._names[path_shape(route)])
            paths.setdefault(path, {})[str(wiring.meta["method"])] = self._operation(wiring)
        return cast("dict[str, Schema]", paths)

    def shared(self) -> dict[str, Schema]:
        """The components that the operations refer to."""
        schemas = self._components.used()
        if self._responses:
            schemas |= self._own_error
        everything: dict[str, dict[str, Schema]] = {
            "schemas": dict(sorted(schemas.items())),
            "responses": dict(sorted(self._responses.items())),
            "securitySchemes": {
                name: scheme
                for name, scheme in sorted(self._access.schemes.items())
                if name in self._schemes
            },
        }
        return {name: found for name, found in everything.items() if found}

    def _operation(self, wiring: WiringModel) -> Schema:
        project = self._project
        function = project.functions[wiring.function]
        route = route_of(wiring)
        names = self._names[path_shape(route)]
        request = request_of(wiring, route, names, project, self._components)
        access = self._access.access(wiring)
        self._schemes |= {name for way in access.security for name in way}
        tags = list(dict.fromkeys((*wiring.tags, *function.tags)))
        statuses = {
            *failures(
                reads=request.reads,
                has_body=request.reads and wiring.meta["method"] in {"post", "put", "patch"},
                has_names=bool(route.names),
                session=bool(access.security),
                may_refuse=access.may_refuse,
            ),
            *access.errors,
            *file_failures(wiring, project),
            *cast("list[int]", wiring.meta["errors"]),
        }
        answers = success(wiring, project, self._components)
        operation: dict[str, Any] = {
            "operationId": self._ids[wiring.id],
            "tags": tags,
            "summary": wiring.meta["summary"] or function.title,
            "description": wiring.meta["description"] or function.description,
            "deprecated": wiring.meta["deprecated"],
            "parameters": list(request.parameters),
            "requestBody": request.body,
            "responses": {
                **answers,
                **{str(status): self._failure(status) for status in sorted(statuses)},
            },
        }
        kept = {key: value for key, value in operation.items() if value}
        return {**kept, "security": list(access.security)}

    def _error_bodies(self, declared: TypeModel | None) -> Schema:
        """The bodies of error answers by media type: as the project declares them, or the framework's own."""
        if declared is not None:
            return {JSON: {"schema": self._components.schema(declared, "input")}}
        if _renderers(self._project):
            return {"*/*": {}}
        is_problem = bool(self._project.settings.get("http", {}).get("problem_details"))
        name = self._components.free_name("Problem" if is_problem else "Error")
        self._own_error[name] = PROBLEM if is_problem else ERROR
        reference = {"schema": {"$ref": f"#/components/schemas/{name}"}}
        return {PROBLEM_JSON if is_problem else JSON: reference}

    def _failure(self, status: int) -> Schema:
        name, answer = failure(status, self._error_content)
        self._responses[name] = answer
        return {"$ref": f"#/components/responses/{name}"}


def _uses(
    project: Project, wirings: list[WiringModel], error: TypeModel | None
) -> Iterator[tuple[TypeModel, Direction]]:
    for function in sorted({wiring.function for wiring in wirings}):
        data, result = project.data_type(function), project.result_type(function)
        if data is not None:
            yield data, "input"
        if result is not None:
            yield result, "output"
    if error is not None:
        yield error, "input"


def _renderers(project: Project) -> list[Any]:
    return [
        one for one in project.declarations if one.kind == "http" and one.meta["type"] == "errors"
    ]


def _error_type(project: Project) -> TypeModel | None:
    """The type that the project says its error answers have."""
    for declaration in _renderers(project):
        if declaration.type is not None:
            return project.types.get(type_key(declaration.type))
    return None


def _info(project: Project) -> Schema:
    metadata: Mapping[str, Any] = project.metadata
    settings = project.settings.get("http", {})
    info: dict[str, Any] = {
        "title": settings.get("openapi_title") or metadata.get("name") or "API",
        "version": settings.get("openapi_version") or metadata.get("version") or "0",
    }
    if description := metadata.get("description"):
        info["description"] = description
    if isinstance(expression := metadata.get("license"), str):
        info["license"] = {"name": expression, "identifier": expression}
    return info


def _servers(project: Project) -> tuple[str, ...]:
    given = project.settings.get("http", {}).get("openapi_servers") or ("/",)
    return tuple(cast("tuple[str, ...]", given))
