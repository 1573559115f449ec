"""The parts that pages are made of."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NOTE = "<!-- Written by docs/generate_reference.py from the code. -->"
SECTION = re.compile(r"^(Args|Attributes|Raises|Returns):\n((?:[ ]{4}.*\n|\n)*)", re.MULTILINE)
ENTRY = re.compile(r"^[ ]{4}(\S[^:]*): (.*(?:\n[ ]{8}.*)*)", re.MULTILINE)


def page(title: str, *parts: str) -> str:
    """A page: its parts with an empty line between them."""
    return "\n\n".join([f"# {title}", NOTE, *filter(None, parts)]) + "\n"


def table(columns: tuple[str, ...], rows: Iterable[Iterable[str]]) -> str:
    """A table; a bar or a line break in a cell is written so that it stays in it."""
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(map(cell, row))} |" for row in rows]
    return "\n".join(line.replace("|  |", "| |") for line in lines)


def cell(text: str) -> str:
    """Text as it stands in a cell."""
    return " ".join(text.replace("|", r"\|").split())


def code(text: str) -> str:
    """Something as it is written in source or on a command line; nothing where it is empty."""
    return f"`{text}`" if text else ""


def fragment(text: str, language: str = "py") -> str:
    """A block that is read and not run."""
    return f"```{language}\n{text.strip()}\n```"


def docstring(thing: object) -> str:
    """A docstring as Markdown: its sections as lists, its code for reading."""
    text = inspect.cleandoc(getattr(thing, "__doc__", None) or "") + "\n"
    return (
        SECTION.sub(lambda found: _section(found[1], found[2]), text)
        .replace("```python", "```py")
        .strip()
    )


def _section(title: str, body: str) -> str:
    entries: list[tuple[str, str]] = ENTRY.findall(body)
    if not entries:
        return f"{title}: {' '.join(body.split())}\n"
    label = {"Args": "Arguments", "Attributes": ""}.get(title, title)
    lines = [f"- {_names(names)}: {' '.join(text.split())}" for names, text in entries]
    return "\n".join([*([f"{label}:", ""] if label else []), *lines]) + "\n"


def _names(names: str) -> str:
    return ", ".join(f"`{name.strip()}`" for name in names.split(","))


def class_outline(kind: type[object]) -> str:
    """A class as its author wrote it, without bodies: its own fields with defaults, then properties and methods."""
    above = [one.__name__ for one in kind.__bases__ if one not in {object, Protocol}]
    base = f"({', '.join(above)})" if above else ""
    lines = [f"class {kind.__name__}{base}:"]
    if is_dataclass(kind):
        own = [one for one in fields(kind) if one.name in kind.__annotations__]
        lines += [
            f"    {one.name}: {one.type}{_default(one.default, one.default_factory)}" for one in own
        ]
    if issubclass(kind, Enum):
        lines += [f"    {member.name} = {literal(member.value)}" for member in kind]
    lines += [
        line
        for name, member in vars(kind).items()
        if not name.startswith("_") and member.__doc__
        for line in _member(name, member)
    ]
    return fragment("\n".join(lines))


def members(kind: type[object]) -> list[tuple[str, object]]:
    """The properties and methods of a class that have a docstring, in order."""
    return [
        (name, member)
        for name, member in vars(kind).items()
        if not name.startswith("_")
        and (isinstance(member, property) or inspect.isfunction(member))
        and member.__doc__
    ]


def _member(name: str, member: Any) -> list[str]:
    if isinstance(member, property):
        returns = inspect.signature(member.fget).return_annotation if member.fget else ""
        return ["    @property", f"    def {name}(self) -> {returns}: ..."]
    return [f"    def {name}{signature(member)}: ..."] if inspect.isfunction(member) else []


def signature(function: Callable[..., object]) -> str:
    """The signature of a function, annotations as they were written."""
    plain = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(function)))
    return re.sub(r"= '([^']*)'", r'= "\1"', plain)


def _default(value: object, factory: object) -> str:
    if value is not MISSING:
        return f" = {literal(value)}"
    return "" if factory is MISSING else " = {}"


def literal(value: object) -> str:
    """A default as it is written in the source."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
