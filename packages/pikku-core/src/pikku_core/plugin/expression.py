"""Expressions of a project's source, with every name resolved to where it comes from.

The scanner makes them, the code generator writes them out again. A node can be written out in a place that never
imports the module it was read from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal: str, bytes, int, float, complex, bool, None or Ellipsis."""

    value: object


@dataclass(frozen=True, slots=True)
class Name:
    """Something at the top level of a module: `Name("app.models", "User")`.

    Attributes:
        module: The module that defines it (`builtins` for builtins), after following re-exports.
        attribute: Its name there; empty for the module itself.
    """

    module: str
    attribute: str

    def __str__(self) -> str:
        return f"{self.module}:{self.attribute}" if self.attribute else self.module


@dataclass(frozen=True, slots=True)
class Shared:
    """A module-level value of a module with wirings, made once per App: `limiter = rate_limit(3)`.

    Attributes:
        module: The module that assigns it.
        attribute: The name it is assigned to.
        value: What is assigned.
    """

    module: str
    attribute: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Attribute:
    """`base.name`, where `base` is not a module."""

    base: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """`function(*arguments, **keywords)`; a keyword of None is `**value`."""

    function: Expression
    arguments: tuple[Expression, ...] = ()
    keywords: tuple[tuple[str | None, Expression], ...] = ()


@dataclass(frozen=True, slots=True)
class Starred:
    """`*value` in a display or a call."""

    value: Expression


@dataclass(frozen=True, slots=True)
class ListDisplay:
    """`[a, b]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class TupleDisplay:
    """`(a, b)`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class SetDisplay:
    """`{a, b}`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class DictDisplay:
    """Pairs of key and value; a key of None is `**value`."""

    items: tuple[tuple[Expression | None, Expression], ...]


@dataclass(frozen=True, slots=True)
class Formatted:
    """One `{value!conversion:spec}` of an f-string."""

    value: Expression
    conversion: str = ""
    spec: Expression | None = None


@dataclass(frozen=True, slots=True)
class FString:
    """`f"…{value}…"`."""

    parts: tuple[Constant | Formatted, ...]


@dataclass(frozen=True, slots=True)
class Subscript:
    """`base[index]`: in annotations only."""

    base: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class Union:
    """`left | right`: in annotations only."""

    left: Expression
    right: Expression


Expression: TypeAlias = (
    Constant
    | Name
    | Shared
    | Attribute
    | Call
    | Starred
    | ListDisplay
    | TupleDisplay
    | SetDisplay
    | DictDisplay
    | FString
    | Subscript
    | Union
)
