"""The runtime stands on the vocabulary alone: no plugin platform, no scanner, no generator."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import asyncio, sys
from pikku_core import App, pikku_sessionless_func

@pikku_sessionless_func
def double(data: int) -> int:
    return data * 2

async def main():
    async with App(functions=[double]) as app:
        assert await app.rpc.double(2) == 4

asyncio.run(main())
parts = {".".join(name.split(".")[:2]) for name in sys.modules}
print(*sorted(parts & {"pluggy", "anyio", "pikku_core.plugin", "pikku_core.scan", "pikku_core.codegen"}))
"""


def test_a_call_loads_neither_plugins_nor_scanner_nor_generator() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
