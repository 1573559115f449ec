"""Values that are known without running anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from pikku_core.plugin.expression import (
    Constant,
    DictDisplay,
    Expression,
    FString,
    ListDisplay,
    Name,
    SetDisplay,
    Shared,
    Starred,
    TupleDisplay,
)

if TYPE_CHECKING:
    from pikku_core.scan.facts import Node

NOT_CONSTANT: Final = object()
"""Stands for the value of an expression that only running it would tell."""

_CONVERSIONS: Final[dict[str, Callable[[Any], str]]] = {"r": repr, "s": str, "a": ascii}

Named: TypeAlias = Callable[[Name], Any]
"""The value of a name, or `NOT_CONSTANT`."""


def constant(expression: Expression, named: Named) -> Any:
    """The value of an expression made of literals, f-strings, lists, tuples and names of such; else `NOT_CONSTANT`."""
    match expression:
        case Constant(value):
            return value
        case Name():
            return named(expression)
        case Shared(_, _, ListDisplay(())):
            return []
        case FString():
            return _text(expression, named)
        case ListDisplay(items) | TupleDisplay(items):
            found = _sequence(items, named)
            is_tuple = isinstance(expression, TupleDisplay) and found is not NOT_CONSTANT
            return tuple(found) if is_tuple else found
        case _:
            return NOT_CONSTANT


def written(node: Node) -> Any:
    """The value of a node that is a literal or a list of literals, as nearly all options are; else `NOT_CONSTANT`."""
    if node[0] == "c":
        return node[1]
    if node[0] == "l":
        values = [item[1] for item in node[1] if item[0] == "c"]
        if len(values) == len(node[1]):
            return values
    return NOT_CONSTANT


def strings(value: Any) -> tuple[str, ...] | None:
    """The items of a list or tuple of strings; None for anything else."""
    if not isinstance(value, (list, tuple)):
        return None
    items = cast("Sequence[Any]", value)
    return tuple(items) if all(isinstance(item, str) for item in items) else None


def is_empty(expression: Expression) -> bool:
    """Whether a value is `{}` or `[]`: it has a name to be filled, and what fills it must have the same one."""
    return isinstance(expression, DictDisplay | ListDisplay) and not expression.items


def is_literal(expression: Expression) -> bool:
    """Whether a value is made of literals alone, so that a copy of it is as good."""
    match expression:
        case Constant():
            return True
        case ListDisplay(items) | TupleDisplay(items) | SetDisplay(items):
            return all(map(is_literal, items))
        case DictDisplay(pairs):
            return all(
                (key is None or is_literal(key)) and is_literal(value) for key, value in pairs
            )
        case Starred(value):
            return is_literal(value)
        case _:
            return False


def _text(expression: FString, named: Named) -> Any:
    text = ""
    for part in expression.parts:
        if isinstance(part, Constant):
            text += str(part.value)
            continue
        value = constant(part.value, named)
        spec = "" if part.spec is None else constant(part.spec, named)
        if value is NOT_CONSTANT or not isinstance(spec, str):
            return NOT_CONSTANT
        if part.conversion:
            value = _CONVERSIONS[part.conversion](value)
        try:
            text += format(value, spec)
        except (ValueError, TypeError):
            return NOT_CONSTANT
    return text


def _sequence(items: tuple[Expression, ...], named: Named) -> Any:
    found: list[Any] = []
    for item in items:
        value = constant(item.value if isinstance(item, Starred) else item, named)
        if value is NOT_CONSTANT:
            return NOT_CONSTANT
        if not isinstance(item, Starred):
            found.append(value)
        elif isinstance(value, list | tuple):
            found += value
        else:
            return NOT_CONSTANT
    return found
