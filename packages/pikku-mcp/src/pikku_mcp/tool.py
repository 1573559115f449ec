"""The tools of an App, put together once: from a call to an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mcp.shared.exceptions import MCPError
from mcp_types import Tool

from pikku_core.runtime import Read, is_outcome
from pikku_core.runtime.records import NO_DATA
from pikku_mcp.block import writer_of
from pikku_mcp.failure import INVALID_PARAMS, failed_tool
from pikku_mcp.rounds import InputRequired, Round
from pikku_mcp.visibility import gate_of, middleware_of
from pikku_mcp.wire import McpWire, wire_class
from pikku_mcp.wiring import McpTool

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mcp.server.context import ServerRequestContext
    from mcp_types import CallToolRequestParams, CallToolResult, InputRequiredResult

    from pikku_core import App
    from pikku_core.runtime import FunctionRecord, Plan
    from pikku_mcp.changes import Changes
    from pikku_mcp.visibility import Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyTool:
    """A tool that can be called."""

    wiring: str
    function: str
    plan: Plan
    gate: Gate
    told: Tool


class Tools:
    """The tools of an App; it must have been started.

    Args:
        rows: What clients are told of each, by wiring.
    """

    def __init__(self, app: App, rows: Mapping[str, Mapping[str, Any]], changes: Changes) -> None:
        self._changes = changes
        self._wire = wire_class(app)
        self.by_name = dict(sorted(self._ready(app, rows)))

    def input_schema(self, name: str) -> Mapping[str, Any] | None:
        """The schema of a tool's arguments; None where there is no such tool."""
        one = self.by_name.get(name)
        return None if one is None else one.told.input_schema

    async def call(
        self, context: ServerRequestContext[Any, Any], params: CallToolRequestParams
    ) -> CallToolResult | InputRequiredResult | dict[str, Any]:
        """Runs a tool. What its function raises is an answer for the model, not an error of the protocol.

        Raises:
            MCPError: There is no such tool (-32602, as revision 2025-11-25 says in server/tools, "Error Handling").
        """
        one = self.by_name.get(params.name)
        if one is None:
            raise MCPError(INVALID_PARAMS, f'There is no tool "{params.name}".')
        wire = self._wire(
            one.wiring,
            one.function,
            context,
            changes=self._changes,
            arguments=params.arguments,
            round=Round(params.input_responses, params.request_state),
        )
        try:
            result: CallToolResult | dict[str, Any] = await one.plan.invoke(wire)
        except InputRequired as asked:
            return asked.result
        except BaseException as error:
            if not is_outcome(error):
                raise
            return failed_tool(error, wire)
        return result

    def _ready(
        self, app: App, rows: Mapping[str, Mapping[str, Any]]
    ) -> Iterable[tuple[str, ReadyTool]]:
        middleware = middleware_of(app)
        for handle in app.wirings("mcp"):
            wiring = handle.load()
            if not isinstance(wiring, McpTool):
                continue
            row, record = dict(rows[handle.id]), app.record(handle.function)
            is_wrapped = row.pop("wrapped", False)
            plan = app.plan(
                handle.function,
                wiring=wiring,
                wire=self._wire,
                pattern_middleware=middleware,
                read=reader_of(record),
                write=writer_of(record, row, is_wrapped=is_wrapped),
            )
            yield (
                wiring.name,
                ReadyTool(
                    wiring=handle.id,
                    function=handle.function,
                    plan=plan,
                    gate=gate_of(wiring, record),
                    told=Tool.model_validate(row, by_alias=True),
                ),
            )


def reader_of(record: FunctionRecord) -> Read | None:
    """How the data is read of a call's arguments; None for a function without data."""
    if record.data is None:
        return None
    if record.data.fields is not None:
        convert = record.data.mapping_reader(text=frozenset(), json=True)
        return Read(lambda wire: convert(dict(wire.arguments)))
    read_json, default = record.data.read_json, record.default

    def read(wire: McpWire) -> Any:
        arguments = wire.arguments
        if "data" not in arguments and default is not NO_DATA:
            return NO_DATA
        return read_json(json.dumps(arguments.get("data")).encode())

    return Read(read)
