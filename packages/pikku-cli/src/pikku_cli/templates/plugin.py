"""`pikku new plugin`: a transport with the rooms that every transport has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_cli.templates.project import IGNORED, compatible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Naming

_README: Final = """\
# $title

A transport for Pikku: a client sends a name and JSON on a line, and gets the answer on a line.

```python
from $snake import wire_$snake

wire_$snake(name="add", func=add)
```

| | |
|---|---|
| `plugin.py` | the hooks: all that is added, by name; imported by every command, so it imports nothing heavy |
| `wiring.py` | what users write |
| `scan.py` | reads what they wrote, without running it |
| `runner.py` | a line in, a function called, a line out |
"""

_PYPROJECT: Final = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "$kebab"
version = "0.1.0"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["pikku-core$compatible"]

[project.entry-points."pikku.plugins"]
$kebab = "$snake.plugin"

[dependency-groups]
dev = ["mypy>=1.18", "pikku-cli$compatible", "pytest>=9"]

[tool.hatch.build.targets.wheel]
packages = ["src/$snake"]

[tool.mypy]
strict = true
files = ["src", "tests"]
mypy_path = ["src"]

[tool.pyright]
include = ["src", "tests"]
typeCheckingMode = "strict"

[tool.pytest]
testpaths = ["tests"]
addopts = ["--import-mode=importlib"]
"""

_INIT: Final = '''\
"""Functions that are called with a line of text."""

from __future__ import annotations

from $snake.wiring import ${pascal}Wiring, wire_$snake

__all__ = ["${pascal}Wiring", "wire_$snake"]
'''

_PLUGIN: Final = '''\
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

_WIRING: Final = '''\
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

_SCAN: Final = '''\
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

_RUNNER: Final = '''\
"""Lines in, answers out."""

from __future__ import annotations

import asyncio
import json
import logging

from pikku_core import App, PikkuError, Wire
from pikku_core.runtime import Plan, Read, Serving

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
        self._plans: dict[str, tuple[str, Plan]] = {}
        for handle in app.wirings("$snake"):
            wiring = handle.load()
            assert isinstance(wiring, ${pascal}Wiring)
            self._plans[wiring.name] = handle.id, _plan(app, wiring, handle.function)

    async def answer(self, line: bytes) -> bytes:
        """The answer to a line: what the function returns, or what went wrong."""
        word, _, text = line.strip().partition(b" ")
        name = word.decode(errors="replace")
        if name not in self._plans:
            return _error(f'Nothing is called "{name}".')
        id, plan = self._plans[name]
        wire = ${pascal}Wire(id, plan, text or b"null")
        try:
            answer: bytes = await plan.invoke(wire)
        except PikkuError as error:
            if error.is_public:
                return _error(error.message)
            logger.exception("%s failed (trace id %s)", name, wire.trace_id)
        except Exception:
            logger.exception("%s failed (trace id %s)", name, wire.trace_id)
        else:
            return answer
        return _error(f"Internal error, trace id {wire.trace_id}.")


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


def _plan(app: App, wiring: ${pascal}Wiring, function: str) -> Plan:
    record = app.record(function)
    codec = record.data
    return app.plan(
        function,
        wiring=wiring,
        wire=${pascal}Wire,
        read=None if codec is None else Read(lambda wire: codec.read_json(wire.text)),
        write=record.result.write_json,
    )


def _error(message: str) -> bytes:
    return json.dumps({"error": message}).encode()
'''

_TEST: Final = '''\
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


def files(naming: Naming) -> Iterator[tuple[str, str]]:
    """A distribution whose entry point names it as a plugin, with tests that need nothing but it."""
    written = {
        ".gitignore": IGNORED,
        "README.md": _README,
        "pyproject.toml": _PYPROJECT,
        "src/$snake/__init__.py": _INIT,
        "src/$snake/plugin.py": _PLUGIN,
        "src/$snake/py.typed": "",
        "src/$snake/runner.py": _RUNNER,
        "src/$snake/scan.py": _SCAN,
        "src/$snake/wiring.py": _WIRING,
        "tests/test_$snake.py": _TEST,
    }
    for path, text in written.items():
        yield naming.fill(path), naming.fill(text, compatible=compatible(), code=_code(naming))


def _code(naming: Naming) -> str:
    """What its diagnostics begin with: three capitals."""
    letters = [letter for letter in naming.snake.upper() if "A" <= letter <= "Z"]
    return "".join(letters[:3]).ljust(3, "X")
