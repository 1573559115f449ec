"""The tests of the transport."""

from __future__ import annotations

from typing import Final

SCAN: Final = '''\
"""The plugin alone, whatever else is installed."""

from __future__ import annotations

from pikku_core.testing import build_project, plugin_registry

from $snake import plugin

SOURCE = """
from $snake import wire_$snake
from pikku_core import pikku_sessionless_func


@pikku_sessionless_func
async def total(data: list[int]) -> int:
    return sum(data)


wire_$snake(name="total", func=total)
"""


def test_a_wiring_is_found_in_the_source() -> None:
    registry = plugin_registry(plugin)
    result = build_project({"app/main.py": SOURCE}, registry=registry)
    assert result.diagnostics == ()
    assert [wiring.id for wiring in result.project.wirings] == ["$snake:total"]


def test_a_name_of_two_words_is_reported_where_it_stands() -> None:
    source = SOURCE.replace('"total"', '"add up"')
    result = build_project({"app/main.py": source}, registry=plugin_registry(plugin))
    assert [(one.code, str(one.location)) for one in result.diagnostics] == [
        ("${code}001", "app/main.py:10")
    ]
'''

TRANSPORT: Final = '''\
"""The transport does what every transport does: a real server, a real client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import asdict
from typing import Any

from pikku_core import App, Middleware, Next, Sessions, Wire, Wiring, pikku_middleware
from pikku_core.testing import plugin_registry
from pikku_core.testing.conformance import (
    Answer,
    Call,
    Caller,
    TransportConformance,
    serving,
)

from $snake import ${pascal}Wire, plugin, wire_$snake


@pikku_middleware
async def caller(next: Next, *, wire: Wire, sessions: Sessions[Caller]) -> Any:
    """Believes what the token says; yours would look it up."""
    if isinstance(wire, ${pascal}Wire) and wire.token:
        sessions.set(Caller(**json.loads(wire.token)))
    return await next()


class Test${pascal}(TransportConformance):
    def middleware(self) -> Sequence[Middleware]:
        return [caller]

    def wire(self, name: str, func: Callable[..., Any], **options: Any) -> Wiring:
        return wire_$snake(name=name, func=func, **options)

    @asynccontextmanager
    async def serve(self, app: App) -> AsyncGenerator[Call]:
        registry = plugin_registry(plugin)
        async with serving(app, "$snake", registry=registry) as address:
            host, _, port = address.rpartition(":")

            async def call(
                name: str,
                data: Mapping[str, Any] | None = None,
                *,
                caller: Caller | None = None,
            ) -> Answer:
                words = [name] if data is None else [name, json.dumps(data)]
                if caller is not None:
                    token = json.dumps(asdict(caller), separators=(",", ":"))
                    words.insert(0, f"@{token}")
                reader, writer = await asyncio.open_connection(host, int(port))
                with closing(writer):
                    writer.write(" ".join(words).encode() + b"\\n")
                    return answer_of(await reader.readline())

            yield call


def answer_of(line: bytes) -> Answer:
    status, _, text = line.decode().strip().partition(" ")
    if status == "ok":
        return Answer(text=text, value=json.loads(text))
    error: dict[str, Any] = json.loads(text)
    details: list[dict[str, Any]] = error.get("details", [])
    return Answer(
        text=text,
        code=error["code"],
        message=error["message"],
        locations=tuple(tuple(one["location"]) for one in details),
    )
'''
