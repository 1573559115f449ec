"""For random modules of wirings: importing them declares what the generated files declare."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from pikku_core.plugin.registry import Registry

Compare = Callable[..., Any]

LIBRARY = """\
from typing import Any
from pikku_core import Next, pikku_middleware, pikku_sessionless_func

@pikku_sessionless_func(name="{module}_run")
async def run() -> None: ...

NUMBER = {number}
TEXT = "{module}"
TABLE = {{"a": [1, 2], "b": None}}

class Window:
    def __init__(self, *parts: Any, **named: Any) -> None:
        self.parts, self.named = parts, named

def pair(*parts: Any, **named: Any) -> tuple[Any, ...]:
    return (parts, named)

def limit(*parts: Any, **named: Any) -> Any:
    @pikku_middleware
    async def check(next: Next) -> Any:
        return parts, named, await next()

    return check

@pikku_middleware
async def log(next: Next) -> Any:
    return await next()
"""
CALLABLES = ("Window", "pair", "limit")
MEMBERS = ("NUMBER", "TEXT", "TABLE", *CALLABLES, "run", "log")
VERBS = ("users", "users/{id}", "users/id", "users id", "ü", "1", "list", "Users", "-", "a" * 90)
LITERALS = (
    *("0", "-7", "1_000", "1.5", "-0.0", "1e999", "2j", "0x1F", "True", "None", "..."),
    *(
        "''",
        "'a'",
        '"it\'s"',
        "'say \"x\"'",
        "'\\n\\t\\\\'",
        "'{x}'",
        "'ü€😀'",
        "'\\x00'",
        "r'\\d'",
        "b'\\x00\"'",
    ),
    *("'one ' 'two'", "'''three\nlines'''"),
)
BUILTINS = ("list", "dict", "int", "sorted", "ValueError")


class Writer:
    """Writes a random module in the grammar that can be written out again."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._values: list[str] = [*BUILTINS]
        self._known: dict[str, list[str]] = {member: [] for member in MEMBERS}
        self.lines = ["from linekit import wire_line as wire"]

    def module(self, package: str, verbs: list[str]) -> str:
        for name in ("one", "two"):
            self._import(package, name)
        for number in range(self._random.randint(0, 4)):
            self.lines.append(f"value{number} = {self._expression(2)}")
            self._values.append(f"value{number}")
        for verb in verbs:
            middleware = self._some(self._known["log"] + self._calls_of("limit"))
            self.lines.append(
                f"wire(verb={verb!r}, func={self._random.choice(self._known['run'])}, "
                f"options={self._expression(3)}, middleware=[{', '.join(middleware)}])"
            )
        return "\n".join(self.lines) + "\n"

    def _import(self, package: str, module: str) -> None:
        line, prefix = self._random.choice(
            [
                (f"from {package}.{module} import *", ""),
                (f"from .{module} import {', '.join(MEMBERS)}", ""),
                (
                    f"from {package}.{module} import {', '.join(f'{m} as x_{m}' for m in MEMBERS)}",
                    "x_",
                ),
                (f"import {package}.{module} as m_{module}", f"m_{module}."),
                (f"from . import {module}", f"{module}."),
                (f"from {package} import {module} as two_{module}", f"two_{module}."),
                (f"import {package}.{module}", f"{package}.{module}."),
            ]
        )
        if line in self.lines or (prefix in {"", "x_"} and self._known["run"]):
            # Both modules have the same names: one of two plain imports would hide the other.
            line, prefix = f"import {package}.{module}", f"{package}.{module}."
        self.lines.append(line)
        for member in MEMBERS:
            self._known[member].append(prefix + member)
            self._values.append(prefix + member)

    def _expression(self, depth: int) -> str:
        if depth == 0 or self._random.random() < 0.3:
            return self._random.choice(
                [self._random.choice(LITERALS), self._random.choice(self._values)]
            )
        make = self._random.choice(
            [self._list, self._tuple, self._set, self._dict, self._call, self._text, self._star]
        )
        return make(depth - 1)

    def _items(self, depth: int) -> list[str]:
        return [self._expression(depth) for _ in range(self._random.randint(0, 3))]

    def _list(self, depth: int) -> str:
        return f"[{', '.join(self._items(depth))}]"

    def _tuple(self, depth: int) -> str:
        return f"({''.join(f'{item}, ' for item in self._items(depth))})"

    def _set(self, _: int) -> str:
        return f"{{{self._random.randint(0, 9)}, 'a', {self._random.choice(self._known['TEXT'])}}}"

    def _dict(self, depth: int) -> str:
        pairs = [f"{key!r}: {item}" for key, item in enumerate(self._items(depth))]
        return f"{{{', '.join([*pairs, '**{1: 2}'])}}}"

    def _star(self, depth: int) -> str:
        return f"[*{self._list(depth)}, *{self._tuple(depth)}]"

    def _call(self, depth: int) -> str:
        called = self._random.choice(self._known[self._random.choice(CALLABLES)])
        arguments = self._items(depth)
        arguments += [f"key={item}" for item in self._items(depth)[:1]]
        return f"{called}({', '.join(arguments)})"

    def _text(self, _: int) -> str:
        value = self._random.choice(self._known["NUMBER"] + self._known["TEXT"])
        part = self._random.choice(["", "!r", "!s", "!a", ":>9", "!s:^9"])
        return f"f'one {{{value}{part}}} {{{{two}}}}'"

    def _calls_of(self, member: str) -> list[str]:
        return [f"{name}({', '.join(self._items(1))})" for name in self._known[member]]

    def _some(self, choices: list[str]) -> list[str]:
        return [each for each in choices if self._random.random() < 0.3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("property")


@settings(max_examples=80, deadline=None)
@given(
    random=st.randoms(use_true_random=False), verbs=st.lists(st.sampled_from(VERBS), unique=True)
)
def test_random_modules_declare_the_same(
    random: Random, verbs: list[str], folder: Path, compare: Compare, registry: Registry
) -> None:
    shutil.rmtree(folder)
    sources = folder / "case"
    sources.mkdir(parents=True)
    (sources / "__init__.py").touch()
    for number, module in enumerate(("one", "two")):
        (sources / f"{module}.py").write_text(LIBRARY.format(module=module, number=number))
    half = len(verbs) // 2
    (sources / "more.py").write_text(Writer(random).module("case", verbs[:half]))
    main = Writer(random).module("case", verbs[half:])
    (sources / "wirings.py").write_text(f"import case.more\n{main}")
    compare(registry)(folder, package="case")
