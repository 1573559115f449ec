"""What an operation takes: its parameters, and what of its data comes from the body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pikku_http.http.bodies.options import BODILESS
from pikku_http.http.bodies.upload_schema import (
    UPLOAD,
    field_keys,
    form_schema,
    is_raw,
    without_null,
)
from pikku_http.http.openapi.components import keywords, resolved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_core.plugin import FunctionModel, Project, TypeModel, WiringModel
    from pikku_http.http.openapi.components import Components, Schema
    from pikku_http.http.route import Route

JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
OCTETS = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What an operation takes.

    Attributes:
        parameters: Of path and query string, in the order of their route and type.
        body: The request body; None where none is read.
        reads: Whether anything is read from the request.
    """

    parameters: tuple[Schema, ...] = ()
    body: Schema | None = None
    reads: bool = False


def request_of(
    wiring: WiringModel,
    route: Route,
    names: Sequence[str],
    project: Project,
    components: Components,
) -> Request:
    """What a wiring takes.

    Args:
        names: What the path calls its parameters, in order.
    """
    function = project.functions[wiring.function]
    data = project.data_type(wiring.function)
    if function.data is None or data is None:
        return Request()
    fields = _Fields(data, components)
    bodiless = wiring.meta["method"] in BODILESS
    in_path = [fields.key(name) for name in route.names]
    query = [fields.key(name) for name in cast("list[str]", wiring.meta["query"])]
    raw = fields.key(str(wiring.meta["body"]))
    if bodiless or raw:
        query = [key for key in fields.keys if key not in {*in_path, raw}]
    parameters = [
        fields.path_parameter(key, name, rest=segment.rest)
        for key, name, segment in zip(in_path, names, route.parameters, strict=True)
    ]
    parameters += [fields.query_parameter(key) for key in query if fields.is_fillable(key)]
    body: Schema | None = None
    if raw or (not bodiless and data.fields is None and is_raw(data.input_schema)):
        schema = fields.properties[raw] if raw else data.input_schema
        body = _raw_body(
            schema, required=raw in fields.required if raw else not function.data_optional
        )
    elif not bodiless:
        takes_forms = bool(wiring.meta["form"])
        body = _body(function, fields, {*in_path, *query}, takes_forms=takes_forms)
    return Request(parameters=tuple(parameters), body=body, reads=True)


class _Fields:
    """The fields of a data type as its JSON Schema has them."""

    def __init__(self, type_: TypeModel, components: Components) -> None:
        self.type = type_
        self.components = components
        self.root: Schema = type_.input_schema
        self.top = keywords(resolved(self.root, self.root))
        self.properties: Mapping[str, Schema] = self.top.get("properties", {})
        self.required: Sequence[str] = self.top.get("required", ())
        self._keys = field_keys(type_)

    @property
    def keys(self) -> list[str]:
        """The keys of all fields, in order."""
        return list(dict.fromkeys(self._keys.values()))

    def key(self, name: str) -> str:
        """The key of the field with this name or alias."""
        return self._keys.get(name, name)

    def is_fillable(self, key: str) -> bool:
        """Whether text can fill the field; one that it must fill is shown in any case."""
        schema = resolved(self.root, self.properties.get(key, {}))
        return key in self.required or without_null(schema).get("type") != "object"

    def path_parameter(self, key: str, name: str, *, rest: bool) -> Schema:
        """The parameter of a path; the type's own description of the field goes with it."""
        schema, facts = self._text(key)
        if rest:
            facts["description"] = " ".join(
                [facts.get("description", ""), "All that is left of the path, slashes included."]
            ).strip()
        elif schema.get("type") == "string" and not schema.get("minLength"):
            schema["minLength"] = 1  # An empty segment matches no route.
        return {"name": name, "in": "path", "required": True, **facts, "schema": schema}

    def query_parameter(self, key: str) -> Schema:
        """The parameter of a query string; a list is a repeated one."""
        schema, facts = self._text(key)
        parameter = {"name": key, "in": "query", "required": key in self.required, **facts}
        if schema.get("type") == "array":
            parameter |= {"style": "form", "explode": True}
        return {**parameter, "schema": schema}

    def _text(self, key: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The schema of a field that text fills, and what belongs to its parameter; text is never null."""
        schema = dict(without_null(self.properties.get(key, {})))
        schema.pop("title", None)
        if schema.get("default", ...) is None:
            del schema["default"]
        facts: dict[str, Any] = {
            fact: schema.pop(fact) for fact in ("description", "deprecated") if fact in schema
        }
        text: dict[str, Any] = self.components.part(self.root, schema)
        return text, facts


def _raw_body(schema: Schema, *, required: bool) -> Schema:
    """A body that is taken as it is, whatever it is said to be."""
    types: list[str] = without_null(schema).get(UPLOAD, ["*/*"])
    content: dict[str, Schema] = {_concrete(one): cast("Schema", {}) for one in types}
    return {"required": required, "content": content}


def _body(
    function: FunctionModel, fields: _Fields, elsewhere: set[str], *, takes_forms: bool
) -> Schema | None:
    """A body of fields, as JSON or as forms."""
    taken = [key for key in fields.properties if key not in elsewhere]
    if elsewhere and not taken:
        return None
    required = [key for key in fields.required if key in taken]
    uploads = form_schema(fields.type).uploads
    content: dict[str, Schema] = {}
    if not uploads:
        content[JSON] = {"schema": _json(fields, taken) if elsewhere else _whole(fields)}
    if takes_forms:
        content[URLENCODED] = {"schema": _form(fields, taken)}
    if uploads or takes_forms:
        content[MULTIPART] = {"schema": _form(fields, taken)}
    if uploads:
        content[MULTIPART]["encoding"] = {
            key: {"contentType": ", ".join(map(_concrete, types))} for key, types in uploads.items()
        }
    optional = not required if elsewhere else function.data_optional
    return {"required": not optional, "content": content}


def _whole(fields: _Fields) -> Schema:
    return fields.components.schema(fields.type, "input")


def _json(fields: _Fields, taken: Sequence[str]) -> Schema:
    return _part(fields, {key: fields.properties[key] for key in taken})


def _form(fields: _Fields, taken: Sequence[str]) -> Schema:
    """The fields that a form can fill; none of them is null."""
    return _part(
        fields,
        {key: _in_form(fields.properties[key]) for key in taken if fields.is_fillable(key)},
    )


def _part(fields: _Fields, properties: Mapping[str, Schema]) -> Schema:
    required = [key for key in fields.required if key in properties]
    rest = {**fields.top, "properties": properties, "required": required}
    if not required:
        del rest["required"]
    rest.pop("title", None)
    return fields.components.part(fields.root, rest)


def _in_form(schema: Schema) -> Schema:
    """A field as a form has it: never null, and an upload without what only checks look at."""
    field = {key: value for key, value in without_null(schema).items() if key != UPLOAD}
    if field.get("default", ...) is None:
        del field["default"]
    if "items" in field:
        field["items"] = _in_form(field["items"])
    return field


def _concrete(content_type: str) -> str:
    """What a file is where its type says nothing."""
    return OCTETS if content_type == "*/*" else content_type
