"""The resources of an App, put together once: from a URI to what is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mcp.shared.path_security import contains_path_traversal, is_absolute_path
from mcp.shared.uri_template import InvalidUriTemplate, UriTemplate
from mcp_types import ReadResourceResult, Resource, ResourceTemplate

from pikku_core import DeclarationError
from pikku_core.runtime import Read, is_outcome
from pikku_core.runtime.records import NO_DATA
from pikku_mcp.block import resources_of
from pikku_mcp.failure import failed, not_found
from pikku_mcp.resource_wiring import McpResource
from pikku_mcp.rounds import InputRequired, Round
from pikku_mcp.visibility import gate_of, middleware_of
from pikku_mcp.wire import McpWire, wire_class

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mcp.server.context import ServerRequestContext
    from mcp_types import InputRequiredResult, ReadResourceRequestParams

    from pikku_core import App
    from pikku_core.runtime import FunctionRecord, Plan
    from pikku_mcp.changes import Changes
    from pikku_mcp.visibility import Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyResource:
    """A resource that can be read, or a template of many."""

    wiring: str
    function: str
    plan: Plan
    gate: Gate
    told: Resource | ResourceTemplate
    template: UriTemplate | None
    paths: tuple[str, ...]

    def match(self, uri: str) -> Mapping[str, Any] | None:
        """The variables of a URI that is one of the template's; None for any other, and for one that leads astray."""
        if self.template is None:
            return None
        values = self.template.match(uri)
        if values is None:
            return None
        checked = {name: one for name, one in values.items() if name not in self.paths}
        return None if any(map(_leads_out, checked.values())) else values


class Resources:
    """The resources of an App; it must have been started.

    Args:
        rows: What clients are told of each, by wiring.
    """

    def __init__(self, app: App, rows: Mapping[str, Mapping[str, Any]], changes: Changes) -> None:
        self._changes = changes
        self._wire = wire_class(app)
        ready = dict(sorted(self._ready(app, rows)))
        self.plain = {uri: one for uri, one in ready.items() if one.template is None}
        """Those with one URI, by it."""
        self.templates = {uri: one for uri, one in ready.items() if one.template is not None}
        """Those with many, by template."""

    async def read(
        self, context: ServerRequestContext[Any, Any], params: ReadResourceRequestParams
    ) -> ReadResourceResult | InputRequiredResult:
        """Reads a resource.

        Raises:
            MCPError: There is none of that URI, or its function failed.
        """
        uri = str(params.uri)
        one, values = self._found(uri)
        if one is None:
            raise not_found(context.protocol_version, uri)
        wire = self._wire(
            one.wiring,
            one.function,
            context,
            changes=self._changes,
            arguments={"uri": uri, "values": values},
            round=Round(params.input_responses, params.request_state),
        )
        try:
            contents = await one.plan.invoke(wire)
        except InputRequired as asked:
            return asked.result
        except BaseException as error:
            if not is_outcome(error):
                raise
            raise failed(error, wire) from error
        return ReadResourceResult(contents=contents(uri))

    def _found(self, uri: str) -> tuple[ReadyResource | None, Mapping[str, Any]]:
        if uri in self.plain:
            return self.plain[uri], {}
        for one in self.templates.values():
            values = one.match(uri)
            if values is not None:
                return one, values
        return None, {}

    def _ready(
        self, app: App, rows: Mapping[str, Mapping[str, Any]]
    ) -> Iterable[tuple[str, ReadyResource]]:
        middleware = middleware_of(app)
        for handle in app.wirings("mcp"):
            wiring = handle.load()
            if not isinstance(wiring, McpResource):
                continue
            record, row = app.record(handle.function), rows[handle.id]
            template = _template(wiring.uri) if "uriTemplate" in row else None
            model = Resource if template is None else ResourceTemplate
            plan = app.plan(
                handle.function,
                wiring=wiring,
                wire=self._wire,
                pattern_middleware=middleware,
                read=_reader(wiring, record),
                write=_writer(wiring.mime_type, record.result.write_json),
            )
            yield (
                wiring.uri,
                ReadyResource(
                    wiring=handle.id,
                    function=handle.function,
                    plan=plan,
                    gate=gate_of(wiring, record),
                    told=model.model_validate(row, by_alias=True),
                    template=template,
                    paths=wiring.paths,
                ),
            )


def _template(uri: str) -> UriTemplate:
    try:
        return UriTemplate.parse(uri)
    except InvalidUriTemplate as error:
        raise DeclarationError(f'The resource "{uri}" cannot be served: {error}') from error


def _reader(wiring: McpResource, record: FunctionRecord) -> Read | None:
    if record.data is None:
        return None
    if record.data.fields is None:
        raise DeclarationError(
            f'The resource "{wiring.uri}" has variables, and the data of "{record.id}" no fields: make it a model.'
        )
    names = frozenset(_variables(wiring.uri))
    convert, default = record.data.mapping_reader(text=names, json=False), record.default

    def read(wire: McpWire) -> Any:
        values = dict(wire.arguments["values"])
        if not values and default is not NO_DATA:
            return NO_DATA
        return convert(values)

    return Read(read)


def _variables(uri: str) -> Iterable[str]:
    from pikku_mcp.uri import variables_of

    return variables_of(uri)


def _writer(mime_type: str, write_json: Callable[[Any], bytes]) -> Callable[[Any], Any]:
    """What makes of a result a function of the URI under which it was read."""

    def write(result: Any) -> Any:
        made = resources_of(result, mime_type, write_json)

        def under(uri: str) -> list[Any]:
            return [one(uri) for one in made]

        return under

    return write


def _leads_out(value: str | list[str]) -> bool:
    values = [value] if isinstance(value, str) else value
    return any(
        "\0" in one or contains_path_traversal(one) or is_absolute_path(one) for one in values
    )
