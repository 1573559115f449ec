"""What the transport does while an application is served."""

from __future__ import annotations

from typing import Final

WIRE: Final = '''\
"""One line that is being answered."""

from __future__ import annotations

from pikku_core import Wire


class ${pascal}Wire(Wire):
    """What middleware gets that asks for `wire`, where a line calls.

    Attributes:
        data: The JSON text of the line; empty where it has none.
        token: What the line says of who calls; empty where it says nothing.
    """

    __slots__ = ("data", "token")
    kind = "$snake"

    def __init__(self, wiring: str, function: str, data: bytes, token: str) -> None:
        super().__init__(wiring, function)
        self.data = data
        self.token = token
'''

RUNNER: Final = '''\
"""A line in, a function called, a line out."""

from __future__ import annotations

import json
import logging
from secrets import token_hex
from typing import Any

from pikku_core import App, NotFoundError
from pikku_core.runtime import (
    NO_DATA,
    ErrorFacts,
    Plan,
    Read,
    WiringHandle,
    error_facts,
    is_outcome,
)

from $snake.wire import ${pascal}Wire
from $snake.wiring import ${pascal}Wiring

logger = logging.getLogger(__name__)


class Runner:
    """Answers the lines of a started App: `name {json}`, or `@token name {json}`."""

    def __init__(self, app: App) -> None:
        self._plans = {
            handle.load().name: (handle.id, _plan(app, handle))
            for handle in app.wirings("$snake", ${pascal}Wiring)
        }

    async def answer(self, line: bytes) -> bytes:
        """`ok {json}` with the result, or `error {json}`."""
        first, _, rest = line.strip().decode(errors="replace").partition(" ")
        token = first.removeprefix("@") if first.startswith("@") else ""
        name, _, data = rest.partition(" ") if token else (first, "", rest)
        if name not in self._plans:
            missing = NotFoundError(f'Nothing is called "{name}".')
            return _failure(error_facts(missing, token_hex(16)))
        id, plan = self._plans[name]
        wire = ${pascal}Wire(id, plan.function.id, data.encode(), token)
        try:
            answer: bytes = await plan.invoke(wire)
        except BaseException as error:
            if not is_outcome(error):
                raise
            facts = error_facts(error, wire.trace_id)
            if facts.status >= 500:
                logger.exception("%s failed (trace id %s)", name, wire.trace_id)
            return _failure(facts)
        return b"ok " + answer


def _plan(app: App, handle: WiringHandle[${pascal}Wiring]) -> Plan:
    record = app.record(handle.function)
    codec, optional = record.data, record.default is not NO_DATA

    def read(wire: ${pascal}Wire) -> Any:
        assert codec is not None
        if optional and not wire.data:
            return NO_DATA
        return codec.read_json(wire.data or b"null")

    return app.plan(
        handle.function,
        wiring=handle.load(),
        wire=${pascal}Wire,
        read=None if codec is None else Read(read),
        write=record.result.write_json,
    )


def _failure(facts: ErrorFacts) -> bytes:
    return b"error " + json.dumps(facts.as_dict(), default=str).encode()
'''

SERVE: Final = '''\
"""The server: it runs beside the other transports of `pikku serve` and `pikku dev`."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from contextlib import closing, suppress

from pikku_core import App
from pikku_core.runtime import Serving

from $snake.runner import Runner


async def serve(app: App, serving: Serving) -> None:
    """Answers lines until it is told to stop, and then still what it has begun."""
    assert serving.socket is not None  # the component listens
    runner = Runner(app)
    waiting: set[asyncio.Task[None]] = set()

    async def next_line(reader: StreamReader) -> bytes:
        task = asyncio.current_task()
        assert task is not None
        waiting.add(task)
        try:
            return await reader.readline()
        finally:
            waiting.discard(task)

    async def converse(reader: StreamReader, writer: StreamWriter) -> None:
        # A client that has gone, or whose line is too long, is not talked to any more.
        with closing(writer), suppress(ConnectionError, ValueError):
            while not serving.stopping.is_set() and (line := await next_line(reader)):
                writer.write(await runner.answer(line) + b"\\n")
                await writer.drain()

    # Leaving the group waits for the connections that have an answer to give.
    async with asyncio.TaskGroup() as tasks:
        server = await asyncio.start_server(
            lambda reader, writer: tasks.create_task(converse(reader, writer)),
            sock=serving.socket.dup(),
        )
        host, port = serving.socket.getsockname()[:2]
        serving.ready(f"{host}:{port}")
        await serving.stopping.wait()
        server.close()
        for task in waiting:
            task.cancel()
'''
