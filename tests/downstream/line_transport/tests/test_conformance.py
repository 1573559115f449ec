"""The line protocol passes the suite that every transport passes, on a real socket."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from acme_line import plugin, wire_line
from acme_line.runner import LineWire

from pikku_core import Sessions, pikku_middleware
from pikku_core.testing import plugin_registry
from pikku_core.testing.conformance import Answer, Call, Caller, TransportConformance, serving

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

    from pikku_core import App, Middleware, Next, Wiring

REGISTRY = plugin_registry(plugin)


@pikku_middleware
async def caller_in_data(
    next: Next, *, wire: LineWire | None = None, sessions: Sessions[Caller]
) -> Any:
    """A line has nothing but its data: the caller is a field of it that no function has."""
    if isinstance(wire, LineWire) and wire.data:
        caller = json.loads(wire.data).get("caller")
        if caller is not None:
            sessions.set(Caller(**caller))
    return await next()


class TestLine(TransportConformance):
    def middleware(self) -> Sequence[Middleware]:
        return [caller_in_data]

    def wire(self, name: str, func: Callable[..., Any], **options: Any) -> Wiring:
        return wire_line(verb=name.upper(), func=func, **options)

    @asynccontextmanager
    async def serve(self, app: App) -> AsyncGenerator[Call]:
        async with serving(app, "line", registry=REGISTRY) as address:
            path = address.removeprefix("unix:")

            async def call(
                name: str, data: Mapping[str, Any] | None = None, *, caller: Caller | None = None
            ) -> Answer:
                line = name.upper()
                if data is not None or caller is not None:
                    sent = dict(data or {})
                    if caller is not None:
                        sent["caller"] = asdict(caller)
                    line += f" {json.dumps(sent)}"
                return read(await ask(path, line))

            yield call


async def ask(path: str, line: str) -> str:
    """Sends a line on a connection of its own and waits for the answer."""
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        writer.write(f"{line}\n".encode())
        return (await reader.readline()).decode()
    finally:
        writer.close()


def read(line: str) -> Answer:
    """What an answer says."""
    status, _, text = line.partition(" ")
    body: Any = json.loads(text)
    if status == "OK":
        return Answer(text=line, value=body)
    return Answer(
        text=line,
        code=body["code"],
        message=body["message"],
        locations=tuple(tuple(one["location"]) for one in body.get("details", ())),
    )
