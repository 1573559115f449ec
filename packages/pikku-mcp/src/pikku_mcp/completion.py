"""What clients are proposed while somebody types."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mcp.shared.exceptions import MCPError
from mcp_types import CompleteResult, Completion, PromptReference

from pikku_core.runtime import Read, is_outcome
from pikku_mcp.failure import INVALID_PARAMS, failed
from pikku_mcp.prompt_wiring import McpCompletion
from pikku_mcp.visibility import middleware_of
from pikku_mcp.wire import wire_class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mcp.server.context import ServerRequestContext
    from mcp_types import CompleteRequestParams, ResourceTemplateReference

    from pikku_core import App
    from pikku_core.runtime import FunctionRecord, Plan
    from pikku_mcp.changes import Changes
    from pikku_mcp.prompt import Prompts
    from pikku_mcp.resource import Resources

MOST: Final = 100
"""How many values an answer has at most (revision 2025-11-25, server/utilities/completion)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyCompletion:
    """What proposes values of an argument."""

    wiring: str
    function: str
    plan: Plan


class Completions:
    """What proposes values in an App; it must have been started."""

    def __init__(self, app: App, prompts: Prompts, resources: Resources, changes: Changes) -> None:
        self._prompts = prompts
        self._resources = resources
        self._changes = changes
        self._wire = wire_class(app)
        self._ready = dict(self._compiled(app))

    @property
    def are_there(self) -> bool:
        """Whether anything is ever proposed."""
        return bool(self._ready) or any(one.choices for one in self._prompts.by_name.values())

    async def complete(
        self, context: ServerRequestContext[Any, Any], params: CompleteRequestParams
    ) -> CompleteResult:
        """Proposes values.

        Raises:
            MCPError: There is no such prompt or template (-32602), or the function failed.
        """
        argument = params.argument
        of, choices = self._of(params.ref, argument.name)
        one = self._ready.get((of, argument.name))
        if one is not None:
            others = params.context.arguments if params.context is not None else None
            typed = {"value": argument.value, "arguments": others or {}}
            return _answer(await self._asked(one, context, typed))
        start = argument.value.lower()
        return _answer([one for one in choices or () if one.lower().startswith(start)])

    def _of(
        self, ref: PromptReference | ResourceTemplateReference, argument: str
    ) -> tuple[str, list[str] | None]:
        """What a reference means, and the values that the argument may have, where those are few."""
        if isinstance(ref, PromptReference):
            prompt = self._prompts.by_name.get(ref.name)
            if prompt is not None:
                return ref.name, prompt.choices.get(argument)
            raise MCPError(INVALID_PARAMS, f'There is no prompt "{ref.name}".')
        if ref.uri in self._resources.templates or ref.uri in self._resources.plain:
            return ref.uri, None
        raise MCPError(INVALID_PARAMS, f'There is no resource "{ref.uri}".')

    async def _asked(
        self,
        one: ReadyCompletion,
        context: ServerRequestContext[Any, Any],
        typed: dict[str, Any],
    ) -> list[str]:
        wire = self._wire(one.wiring, one.function, context, changes=self._changes, arguments=typed)
        try:
            values: list[str] = await one.plan.invoke(wire)
        except BaseException as error:
            if not is_outcome(error):
                raise
            raise failed(error, wire) from error
        return values

    def _compiled(self, app: App) -> Iterable[tuple[tuple[str, str], ReadyCompletion]]:
        middleware = middleware_of(app)
        for handle in app.wirings("mcp"):
            wiring = handle.load()
            if isinstance(wiring, McpCompletion):
                record = app.record(handle.function)
                plan = app.plan(
                    handle.function,
                    wiring=wiring,
                    wire=self._wire,
                    pattern_middleware=middleware,
                    read=_reader(record),
                )
                ready = ReadyCompletion(wiring=handle.id, function=handle.function, plan=plan)
                yield (wiring.of, wiring.argument), ready


def _reader(record: FunctionRecord) -> Read | None:
    if record.data is None:
        return None
    read_json = record.data.read_json
    return Read(lambda wire: read_json(json.dumps(wire.arguments).encode()))


def _answer(values: list[str]) -> CompleteResult:
    shown = [str(one) for one in values[:MOST]]
    return CompleteResult(
        completion=Completion(values=shown, total=len(values), has_more=len(values) > MOST)
    )
