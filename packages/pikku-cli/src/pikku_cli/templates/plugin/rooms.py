"""The modules of the transport, named as those of every transport."""

from __future__ import annotations

from typing import Final

INIT: Final = '''\
"""Functions that are called with a line of text."""

from __future__ import annotations

from $snake.wiring import ${pascal}Wiring, wire_$snake

__all__ = ["${pascal}Wiring", "wire_$snake"]
'''

PLUGIN: Final = '''\
"""What this distribution adds to Pikku."""

from __future__ import annotations

from pikku_core.plugin import (
    DiagnosticCode,
    ScanRule,
    ServeComponent,
    WiringKind,
    hookimpl,
)

pikku_plugin_api = 1

PARAMETERS = ("*", "name", "func", "auth")


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    return [WiringKind(name="$snake", title="$title")]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    names = ("$snake.wire_$snake", "$snake.wiring.wire_$snake")
    return [
        ScanRule(
            name="$snake.wirings",
            kind="$snake",
            calls=dict.fromkeys(names, PARAMETERS),
            read="$snake.scan:read_wiring",
        )
    ]


@hookimpl
def pikku_diagnostic_codes() -> list[DiagnosticCode]:
    return [
        DiagnosticCode(
            code="${code}001",
            title="A name that no line can begin with",
            explanation="A name is one word, so that a line has one reading.",
            example='wire_$snake(name="add up", func=add)',
            mended='wire_$snake(name="add_up", func=add)',
        )
    ]


@hookimpl
def pikku_serve_components() -> list[ServeComponent]:
    return [
        ServeComponent(
            name="$snake",
            kind="$snake",
            serve="$snake.runner:serve",
            listens=True,
        )
    ]
'''

WIRING: Final = '''\
"""What users write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pikku_core import DeclarationError, Wiring


@dataclass(frozen=True, slots=True, kw_only=True)
class ${pascal}Wiring(Wiring):
    """A function behind a name."""

    kind: ClassVar[str] = "$snake"
    name: str

    @property
    def id(self) -> str:
        return f"$snake:{self.name}"


def wire_$snake(
    *, name: str, func: Callable[..., Any], auth: Literal[True] | None = None
) -> ${pascal}Wiring:
    """Calls `func` for each line that begins with `name`."""
    if not name.isidentifier():
        raise DeclarationError(f'"{name}" is not one word.')
    return ${pascal}Wiring(name=name, func=func, auth=auth)
'''

SCAN: Final = '''\
"""One call of `wire_$snake` in, one wiring or diagnostic out."""

from __future__ import annotations

from pikku_core.plugin import CallSite, DeclarationModel, Diagnostic


def read_wiring(site: CallSite) -> list[DeclarationModel | Diagnostic]:
    name = site.literal("name", str)
    if not name.isidentifier():
        hint = "Use letters, digits and underscores."
        return [site.diagnostic("${code}001", f'"{name}" is not one word.', hint=hint)]
    id = f"$snake:{name}"
    return [site.wiring(kind="$snake", id=id, meta={"name": name})]
'''

RUNNER: Final = '''\
"""Lines in, answers out."""

from __future__ import annotations

import asyncio
import json
import logging

from pikku_core import App, Wire
from pikku_core.runtime import (
    Plan,
    Read,
    Serving,
    WiringHandle,
    error_facts,
    is_outcome,
)

from $snake.wiring import ${pascal}Wiring

logger = logging.getLogger(__name__)


class ${pascal}Wire(Wire):
    """One line."""

    __slots__ = ("text",)
    kind = "$snake"

    def __init__(self, wiring: str, plan: Plan, text: bytes) -> None:
        super().__init__(wiring, plan.function.id)
        self.text = text


class Runner:
    """Answers the lines of a started App."""

    def __init__(self, app: App) -> None:
        self._plans = {
            handle.load().name: (handle.id, _plan(app, handle))
            for handle in app.wirings("$snake", ${pascal}Wiring)
        }

    async def answer(self, line: bytes) -> bytes:
        """What the function returns, or what went wrong."""
        word, _, text = line.strip().partition(b" ")
        name = word.decode(errors="replace")
        if name not in self._plans:
            return json.dumps({"error": f'Nothing is called "{name}".'}).encode()
        id, plan = self._plans[name]
        wire = ${pascal}Wire(id, plan, text or b"null")
        try:
            answer: bytes = await plan.invoke(wire)
        except BaseException as error:
            if not is_outcome(error):
                raise
            facts = error_facts(error, wire.trace_id)
            if facts.status >= 500:
                logger.exception("%s failed (trace id %s)", name, wire.trace_id)
            shown = {"error": facts.message, "trace_id": facts.trace_id}
            return json.dumps(shown).encode()
        return answer


async def serve(app: App, serving: Serving) -> None:
    """Runs beside the other transports of `pikku serve`, until it is told to stop."""
    assert serving.socket is not None  # the component listens
    runner = Runner(app)

    async def converse(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while line := await reader.readline():
            writer.write(await runner.answer(line) + b"\\n")
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(converse, sock=serving.socket.dup()):
        host, port = serving.socket.getsockname()[:2]
        serving.ready(f"{host}:{port}")
        await serving.stopping.wait()


def _plan(app: App, handle: WiringHandle[${pascal}Wiring]) -> Plan:
    record = app.record(handle.function)
    codec = record.data
    return app.plan(
        handle.function,
        wiring=handle.load(),
        wire=${pascal}Wire,
        read=None if codec is None else Read(lambda wire: codec.read_json(wire.text)),
        write=record.result.write_json,
    )
'''
