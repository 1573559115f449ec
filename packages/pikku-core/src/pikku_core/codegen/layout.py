"""Laying out source over lines, the way ruff formats it by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from pikku_core.plugin.expression import (
    Call,
    DictDisplay,
    Expression,
    ListDisplay,
    SetDisplay,
    Subscript,
    TupleDisplay,
)
from pikku_core.plugin.spelling import spell, spell_constant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.plugin.spelling import Spell

JsonLike: TypeAlias = (
    bool | int | float | str | Sequence["JsonLike"] | Mapping[str, "JsonLike"] | None
)
"""What a literal of a generated file holds."""

WIDTH: Final = 88
STEP: Final = "    "


class Block:
    """Something in brackets that stands on one line where it fits, else with its items on lines of their own.

    Args:
        items: Each with what stands before it, such as `name=`.
        packed: Whether all items may share one line between the brackets, as the arguments of a call do.
    """

    __slots__ = ("closing", "flat", "items", "opening", "packed")

    def __init__(
        self,
        opening: str,
        items: Iterable[tuple[str, str | Block]],
        closing: str,
        *,
        packed: bool = False,
        alone: str = "",
    ) -> None:
        self.opening = opening
        self.items = list(items)
        self.closing = closing
        self.packed = packed
        inside = self._inside()
        self.flat = None if inside is None else f"{opening}{inside}{alone}{closing}"
        """The text on one line; None where it would never fit."""

    def place(self, indent: str, prefix: str, suffix: str) -> str:
        """The text between a prefix and a suffix, in a line that is indented so far."""
        if self.flat is not None and len(indent + prefix + self.flat + suffix) <= WIDTH:
            return f"{prefix}{self.flat}{suffix}"
        inner = indent + STEP
        inside = self._inside() if self.packed else None
        if inside is not None and len(inner) + len(inside) <= WIDTH:
            lines = f"{inner}{inside}"
        else:
            lines = "\n".join(
                inner + place(item, indent=inner, prefix=start, suffix=",")
                for start, item in self.items
            )
        return f"{prefix}{self.opening}\n{lines}\n{indent}{self.closing}{suffix}"

    def _inside(self) -> str | None:
        length, parts = 0, list[str]()
        for start, item in self.items:
            flat = item if isinstance(item, str) else item.flat
            if flat is None:
                return None
            length += len(start) + len(flat) + 2
            if length > WIDTH + 2:
                return None
            parts.append(start + flat)
        return ", ".join(parts)


def place(item: str | Block, *, indent: str = "", prefix: str = "", suffix: str = "") -> str:
    """A text or a block between a prefix and a suffix."""
    if isinstance(item, str):
        return f"{prefix}{item}{suffix}"
    return item.place(indent, prefix, suffix)


def layout(
    expression: Expression, name: Spell, *, indent: str = "", prefix: str = "", suffix: str = ""
) -> str:
    """The expression between a prefix and a suffix, over as many lines as it needs."""
    return place(block(expression, name), indent=indent, prefix=prefix, suffix=suffix)


def assign(target: str, value: JsonLike) -> str:
    """A statement that assigns a JSON-like value."""
    return place(literal(value), prefix=f"{target} = ")


def literal(value: JsonLike) -> str | Block:
    """A JSON-like value as Python source."""
    if value is None or isinstance(value, bool | int | float | str):
        return spell_constant(value)
    if isinstance(value, Mapping):
        pairs = ((f"{spell_constant(key)}: ", literal(item)) for key, item in value.items())
        return Block("{", pairs, "}") if value else "{}"
    return Block("[", (("", literal(item)) for item in value), "]") if value else "[]"


def block(expression: Expression, name: Spell) -> str | Block:
    """An expression as source that can be broken where it has brackets."""
    match expression:
        case Call(function, arguments, keywords) if arguments or keywords:
            items = _items(arguments, name)
            items += [
                ("**" if key is None else f"{key}=", block(value, name)) for key, value in keywords
            ]
            made = Block(f"{spell(function, name)}(", items, ")", packed=True)
        case Subscript(base, TupleDisplay(values)) if values:
            alone = "," if len(values) == 1 else ""
            made = Block(f"{spell(base, name)}[", _items(values, name), "]", alone=alone)
        case TupleDisplay(values) if values:
            alone = "," if len(values) == 1 else ""
            made = Block("(", _items(values, name), ")", alone=alone)
        case ListDisplay(values) | SetDisplay(values) if values:
            opening, closing = "[]" if isinstance(expression, ListDisplay) else "{}"
            made = Block(opening, _items(values, name), closing)
        case DictDisplay(pairs) if pairs:
            starts = ["**" if key is None else f"{spell(key, name)}: " for key, _ in pairs]
            shown = [block(value, name) for _, value in pairs]
            made = Block("{", zip(starts, shown, strict=True), "}")
        case _:
            return spell(expression, name)
    return made


def _items(values: Iterable[Expression], name: Spell) -> list[tuple[str, str | Block]]:
    return [("", block(value, name)) for value in values]
