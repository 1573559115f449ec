"""The prompts of an App, put together once: from arguments to messages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from mcp.shared.exceptions import MCPError
from mcp_types import GetPromptResult, Prompt

from pikku_core import DeclarationError
from pikku_core.runtime import Read, is_outcome
from pikku_core.runtime.records import NO_DATA
from pikku_mcp.block import prompt_messages
from pikku_mcp.failure import INVALID_PARAMS, failed
from pikku_mcp.prompt_wiring import McpPrompt
from pikku_mcp.rounds import InputRequired, Round
from pikku_mcp.visibility import gate_of, middleware_of
from pikku_mcp.wire import McpWire, wire_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mcp.server.context import ServerRequestContext
    from mcp_types import GetPromptRequestParams, InputRequiredResult

    from pikku_core import App
    from pikku_core.runtime import FunctionRecord, Plan
    from pikku_mcp.changes import Changes
    from pikku_mcp.visibility import Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPrompt:
    """A prompt that can be asked for.

    Attributes:
        choices: The values that arguments may have, of those that may have few.
    """

    wiring: str
    function: str
    plan: Plan
    gate: Gate
    told: Prompt
    choices: Mapping[str, list[str]]


class Prompts:
    """The prompts of an App; it must have been started.

    Args:
        rows: What clients are told of each, by wiring.
    """

    def __init__(self, app: App, rows: Mapping[str, Mapping[str, Any]], changes: Changes) -> None:
        self._changes = changes
        self._wire = wire_class(app)
        self.by_name = dict(sorted(self._ready(app, rows)))

    async def get(
        self, context: ServerRequestContext[Any, Any], params: GetPromptRequestParams
    ) -> GetPromptResult | InputRequiredResult:
        """The messages of a prompt.

        Raises:
            MCPError: There is no such prompt (-32602), or its function failed.
        """
        one = self.by_name.get(params.name)
        if one is None:
            raise MCPError(INVALID_PARAMS, f'There is no prompt "{params.name}".')
        wire = self._wire(
            one.wiring,
            one.function,
            context,
            changes=self._changes,
            arguments=params.arguments,
            round=Round(params.input_responses, params.request_state),
        )
        try:
            messages = await one.plan.invoke(wire)
        except InputRequired as asked:
            return asked.result
        except BaseException as error:
            if not is_outcome(error):
                raise
            raise failed(error, wire) from error
        return GetPromptResult(description=one.told.description, messages=messages)

    def _ready(
        self, app: App, rows: Mapping[str, Mapping[str, Any]]
    ) -> Iterable[tuple[str, ReadyPrompt]]:
        middleware = middleware_of(app)
        for handle in app.wirings("mcp"):
            wiring = handle.load()
            if not isinstance(wiring, McpPrompt):
                continue
            record, row = app.record(handle.function), dict(rows[handle.id])
            choices = row.pop("choices", {})
            plan = app.plan(
                handle.function,
                wiring=wiring,
                wire=self._wire,
                pattern_middleware=middleware,
                read=text_reader(f'prompt "{wiring.name}"', record),
                write=partial(prompt_messages, write_json=record.result.write_json),
            )
            yield (
                wiring.name,
                ReadyPrompt(
                    wiring=handle.id,
                    function=handle.function,
                    plan=plan,
                    gate=gate_of(wiring, record),
                    told=Prompt.model_validate(row, by_alias=True),
                    choices=choices,
                ),
            )


def text_reader(what: str, record: FunctionRecord) -> Read | None:
    """How the data is read of arguments that are all text.

    Raises:
        DeclarationError: It has no fields.
    """
    if record.data is None:
        return None
    fields = record.data.fields
    if fields is None:
        raise DeclarationError(
            f'The {what} has arguments by name, and the data of "{record.id}" no fields: make it a model.'
        )
    names = frozenset((*fields, *(alias for aliases in fields.values() for alias in aliases)))
    convert, default = record.data.mapping_reader(text=names, json=False), record.default

    def read(wire: McpWire) -> Any:
        if not wire.arguments and default is not NO_DATA:
            return NO_DATA
        return convert(dict(wire.arguments))

    return Read(read)
