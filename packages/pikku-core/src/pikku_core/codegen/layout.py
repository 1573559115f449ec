"""Laying out expressions over lines, the way ruff formats them by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pikku_core.plugin.expression import (
    Call,
    Constant,
    DictDisplay,
    Expression,
    ListDisplay,
    Name,
    SetDisplay,
    Shared,
    Subscript,
    TupleDisplay,
)
from pikku_core.plugin.spelling import Spell, spell, spell_arguments

JsonLike: TypeAlias = (
    bool | int | float | str | Sequence["JsonLike"] | Mapping[str, "JsonLike"] | None
)
"""What a literal of a generated file holds."""

WIDTH = 88
STEP = "    "
BRACKETS: dict[type[Expression], tuple[str, str]] = {
    ListDisplay: ("[", "]"),
    SetDisplay: ("{", "}"),
    TupleDisplay: ("(", ")"),
}


def layout(
    expression: Expression, name: Spell, *, indent: str = "", prefix: str = "", suffix: str = ""
) -> str:
    """The expression between a prefix and a suffix, over as many lines as it needs."""
    flat = f"{prefix}{spell(expression, name)}{suffix}"
    if len(indent) + len(flat) <= WIDTH:
        return flat
    inner = indent + STEP
    if isinstance(expression, Call):
        joined = ", ".join(spell_arguments(expression, name))
        if joined and len(inner) + len(joined) <= WIDTH:
            opening = spell(expression.function, name)
            return f"{prefix}{opening}(\n{inner}{joined}\n{indent}){suffix}"
    opening, items, closing = _parts(expression, name)
    if not items:
        return flat
    lines = (layout(value, name, indent=inner, prefix=start, suffix=",") for start, value in items)
    body = "\n".join(f"{inner}{line}" for line in lines)
    return f"{prefix}{opening}\n{body}\n{indent}{closing}{suffix}"


def display(value: JsonLike) -> Expression:
    """A JSON-like value as an expression."""
    if isinstance(value, Mapping):
        return DictDisplay(tuple((Constant(key), display(item)) for key, item in value.items()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ListDisplay(tuple(display(item) for item in value))
    return Constant(value)


def assign(target: str, value: JsonLike) -> str:
    """A statement that assigns a JSON-like value."""
    return layout(display(value), _no_name, prefix=f"{target} = ")


def _parts(expression: Expression, name: Spell) -> tuple[str, list[tuple[str, Expression]], str]:
    """What opens an expression, its items with what stands before each, and what closes it."""
    opening, closing = "", ""
    items: list[tuple[str, Expression]] = []
    match expression:
        case Call(function, arguments, keywords):
            opening, closing = f"{spell(function, name)}(", ")"
            items = [("", value) for value in arguments]
            items += [("**" if key is None else f"{key}=", value) for key, value in keywords]
        case Subscript(base, TupleDisplay(values)):
            opening, closing = f"{spell(base, name)}[", "]"
            items = [("", value) for value in values]
        case ListDisplay(values) | SetDisplay(values) | TupleDisplay(values):
            opening, closing = BRACKETS[type(expression)]
            items = [("", value) for value in values]
        case DictDisplay(pairs):
            opening, closing = "{", "}"
            items = [
                ("**" if key is None else f"{spell(key, name)}: ", value) for key, value in pairs
            ]
        case _:
            pass
    return opening, items, closing


def _no_name(name: Name | Shared) -> str:
    raise TypeError(f'A literal holds the name "{name}".')
