from __future__ import annotations

import json
from collections.abc import Callable

Render = Callable[[str], dict[str, str]]

PROJECT = """\
# app/functions.py
from typing import Any
from pikku_core import Next, pikku_func, pikku_middleware, pikku_service

@pikku_service
def clock() -> int:
    return 1

@pikku_middleware
async def log(next: Next) -> Any:
    return await next()

@pikku_func(title="A title", tags=["a", "b"], middleware=[log])
async def run(data: int, *, clock: int) -> list[str]:
    '''What it does.'''
    return []
# app/wirings.py
from linekit import declare_line, wire_line
from app.functions import run
wire_line(verb="go", func=run)
declare_line("x")
"""


def test_functions_are_described_for_tools(render: Render) -> None:
    meta = json.loads(render(PROJECT)["function/pikku-functions-meta.gen.json"])["run"]
    assert (meta["title"], meta["description"], meta["tags"]) == (
        "A title",
        "What it does.",
        ["a", "b"],
    )
    assert meta["source"] == "app/functions.py:13"
    assert meta["input"] == {"type": "int", "schema": None}
    assert meta["output"] == {"type": "list[str]", "schema": None}
    assert meta["services"] == ["clock"]
    assert meta["middleware"] == ["app.functions:log"]


def test_wirings_are_described_for_tools(render: Render) -> None:
    meta = json.loads(render(PROJECT)["line/pikku-line-wirings-meta.gen.json"])
    assert meta["wirings"]["line:go"]["source"] == "app/wirings.py:3"
    assert meta["wirings"]["line:go"]["function"] == "run"
    assert list(meta["declarations"]) == ["line:declared:x"]


def test_services_and_middleware_are_described_for_tools(render: Render) -> None:
    files = render(PROJECT)
    assert json.loads(files["pikku-services-meta.gen.json"])["clock"]["provides"] == "int"
    groups = json.loads(files["middleware/pikku-middleware-groups-meta.gen.json"])
    assert groups["middleware"]["app.functions:log"]["source"] == "app/functions.py:9"


def test_the_names_under_rpc_are_listed_for_tools(render: Render) -> None:
    table = json.loads(render(PROJECT)["rpc/pikku-rpc-wirings-meta.internal.gen.json"])
    assert table == {"run": "run"}
