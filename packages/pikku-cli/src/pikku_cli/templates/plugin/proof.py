"""The tests of the transport."""

from __future__ import annotations

from typing import Final

TEST: Final = '''\
"""The plugin alone, whatever else is installed."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

from pikku_core import App, pikku_sessionless_func
from pikku_core.runtime import Serving
from pikku_core.testing import build_project, plugin_registry

from $snake import plugin, wire_$snake
from $snake.runner import Runner, serve

SOURCE = """
from $snake import wire_$snake
from pikku_core import pikku_sessionless_func


@pikku_sessionless_func
async def total(data: list[int]) -> int:
    return sum(data)


wire_$snake(name="total", func=total)
"""


@pikku_sessionless_func
async def total(data: list[int]) -> int:
    return sum(data)


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


async def test_a_line_is_answered_by_its_function() -> None:
    async with App(declarations=[wire_$snake(name="total", func=total)]) as app:
        runner = Runner(app)
        assert await runner.answer(b"total [1, 2, 3]") == b"6"
        assert "not valid" in json.loads(await runner.answer(b"total [null]"))["error"]
        assert "sum" in json.loads(await runner.answer(b"sum"))["error"]


async def test_lines_are_served_on_a_socket() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = Serving(root=Path(), socket=listening)
        app = App(declarations=[wire_$snake(name="total", func=total)])
        async with app, asyncio.TaskGroup() as tasks:
            tasks.create_task(serve(app, serving))
            await serving.started.wait()
            address = listening.getsockname()
            reader, writer = await asyncio.open_connection(*address)
            writer.write(b"total [4, 5]\\n")
            assert await reader.readline() == b"9\\n"
            writer.close()
            serving.stopping.set()
'''
