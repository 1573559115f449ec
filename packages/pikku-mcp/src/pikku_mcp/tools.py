"""The tools of an App, put together once: from a call to an answer."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pikku_core import InvalidDataError
from pikku_core.runtime import Read, error_facts, is_outcome
from pikku_core.runtime.records import NO_DATA
from pikku_mcp.blocks import writer_of
from pikku_mcp.wire import McpWire
from pikku_mcp.wiring import McpTool

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mcp.server.context import ServerRequestContext
    from mcp_types import CallToolResult, Tool

    from pikku_core import App
    from pikku_core.runtime.plan import Plan
    from pikku_core.runtime.records import FunctionRecord

log: Final = logging.getLogger("pikku.mcp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A tool that can be called."""

    wiring: str
    function: str
    plan: Plan
    tool: Tool


class Tools:
    """The tools of an App; it must have been started.

    Args:
        rows: What clients are told of each, by wiring.
    """

    def __init__(self, app: App, rows: Mapping[str, Mapping[str, Any]]) -> None:
        self._tools = dict(self._compiled(app, rows))

    @property
    def listed(self) -> list[Tool]:
        """What clients are told, by name."""
        return [one.tool for _, one in sorted(self._tools.items())]

    async def call(
        self,
        name: str,
        arguments: Mapping[str, Any],
        context: ServerRequestContext[Any, Any],
    ) -> CallToolResult:
        """Runs a tool. What its function raises is an answer for the model, not an error of the protocol.

        Raises:
            MCPError: There is no such tool (-32602, as revision 2025-11-25 says in server/tools, "Error Handling").
        """
        one = self._tools.get(name)
        if one is None:
            from mcp.shared.exceptions import MCPError

            raise MCPError(-32602, f'There is no tool "{name}".')
        wire = McpWire(one.wiring, one.function, context, arguments)
        try:
            result: CallToolResult = await one.plan.invoke(wire)
        except BaseException as error:
            if not is_outcome(error):
                raise
            return failure(error, wire)
        return result

    def _compiled(
        self, app: App, rows: Mapping[str, Mapping[str, Any]]
    ) -> Iterable[tuple[str, Compiled]]:
        from mcp_types import Tool

        for handle in app.wirings("mcp", McpTool):
            row, record = dict(rows[handle.id]), app.record(handle.function)
            plan = app.plan(
                handle.function,
                wiring=handle.load(),
                wire=McpWire,
                read=reader_of(record),
                write=writer_of(record, row),
            )
            yield (
                row["name"],
                Compiled(
                    wiring=handle.id,
                    function=handle.function,
                    plan=plan,
                    tool=Tool.model_validate(row, by_alias=True),
                ),
            )


def reader_of(record: FunctionRecord) -> Read | None:
    """How the data is read of a call's arguments; None for a function without data."""
    if record.data is None:
        return None
    read_json, default = record.data.read_json, record.default
    is_object = record.data.fields is not None

    def read(wire: McpWire) -> Any:
        arguments = wire.arguments
        if is_object:
            return read_json(json.dumps(arguments).encode())
        if "data" not in arguments and default is not NO_DATA:
            return NO_DATA
        return read_json(json.dumps(arguments.get("data")).encode())

    return Read(read)


def failure(error: BaseException, wire: McpWire) -> CallToolResult:
    """The answer of a call that failed: what its caller may know, for a model to mend its call by."""
    from mcp_types import CallToolResult, TextContent

    facts = error_facts(error, wire.trace_id)
    if facts.status >= 500:
        log.error('"%s" failed (trace id %s).', wire.wiring, facts.trace_id, exc_info=error)
    text = facts.message
    if isinstance(error, InvalidDataError):
        text += "".join(f"\n{_place(one.location)}: {one.message}" for one in facts.details)
    elif facts.status >= 500:
        text += f" (trace id {facts.trace_id})"
    return CallToolResult(content=[TextContent(text=text)], is_error=True)


def _place(location: tuple[str | int, ...]) -> str:
    return ".".join(map(str, location)) or "data"
