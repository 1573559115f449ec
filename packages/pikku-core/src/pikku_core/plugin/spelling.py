"""How an expression is written: as source with local names, or as a key with qualified ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from pikku_core.plugin.expression import (
    Attribute,
    Call,
    Constant,
    DictDisplay,
    Expression,
    Formatted,
    FString,
    ListDisplay,
    Name,
    SetDisplay,
    Shared,
    Starred,
    Subscript,
    TupleDisplay,
    Union,
)

MOST_DECIMAL_BITS: Final = 8192
"""Python refuses to write much longer integers in decimal."""

Spell = Callable[[Name | Shared], str]
"""The text that stands for a name or a shared value."""


def type_key(expression: Expression) -> str:
    """The key of a type in `Project.types`: `app.models.User`, `list[app.models.User] | None`."""
    return spell(expression, _qualified)


def modules_of(expression: Expression | None) -> set[str]:
    """The modules that `type_key` of an expression names, builtins left out: what must be imported for it to be read."""
    named = (part for part in walk(expression) if isinstance(part, Name))
    return {part.module for part in named if part.module != "builtins"}


def walk(expression: Expression | None, *, into_shared: bool = True) -> Iterator[Expression]:
    """The expression and everything in it, from the outside in and from left to right.

    Args:
        into_shared: Whether to go into the values of shared ones.
    """
    pending = [] if expression is None else [expression]
    while pending:
        part = pending.pop()
        yield part
        parts = _PARTS.get(part.__class__)
        if parts is not None and (into_shared or not isinstance(part, Shared)):
            pending += parts(part)[::-1]


def spell(expression: Expression, name: Spell) -> str:  # noqa: C901, PLR0911 - one case per kind of node
    """The expression as source on one line."""
    match expression:
        case Name() | Shared():
            return name(expression)
        case Constant(value):
            return spell_constant(value)
        case Attribute(base, attribute):
            return f"{_operand(base, name)}.{attribute}"
        case Call(function, _, _):
            return f"{_operand(function, name)}({', '.join(spell_arguments(expression, name))})"
        case Starred(value):
            return f"*{spell(value, name)}"
        case ListDisplay(items):
            return f"[{', '.join(spell(item, name) for item in items)}]"
        case TupleDisplay(items):
            inside = ", ".join(spell(item, name) for item in items)
            return f"({inside},)" if len(items) == 1 else f"({inside})"
        case SetDisplay(items):
            return f"{{{', '.join(spell(item, name) for item in items)}}}"
        case DictDisplay(items):
            return f"{{{', '.join(_pair(key, value, name) for key, value in items)}}}"
        case FString():
            return _spell_fstring(expression, name)
        case Subscript(base, index):
            return f"{_operand(base, name)}[{_index(index, name)}]"
        case Union(left, right):
            return f"{spell(left, name)} | {spell(right, name)}"


def spell_arguments(call: Call, name: Spell) -> list[str]:
    """The arguments of a call, each as source."""
    keywords = (
        f"**{spell(value, name)}" if keyword is None else f"{keyword}={spell(value, name)}"
        for keyword, value in call.keywords
    )
    return [*(spell(argument, name) for argument in call.arguments), *keywords]


def spell_constant(value: object) -> str:
    """A literal as source, strings in double quotes where that needs no escape."""
    if isinstance(value, int) and value.bit_length() > MOST_DECIMAL_BITS:
        return hex(value)
    text = repr(value)
    if isinstance(value, complex) and text.startswith("(-0-"):
        text = text[3:-1]  # `-3j` is no sum: written as one its real part would lose its sign.
    if isinstance(value, str):
        return f'"{text[1:-1]}"' if text[0] == "'" and '"' not in text else text
    if isinstance(value, bytes):
        return f'b"{text[2:-1]}"' if text[1] == "'" and '"' not in text else text
    if value is ...:
        return "..."
    # An infinite float has no literal of its own; one that is too large reads as infinite.
    return text.replace("inf", "1e999") if isinstance(value, (float, complex)) else text


def _qualified(name: Name | Shared) -> str:
    if isinstance(name, Name) and name.module == "builtins":
        return name.attribute or name.module
    return f"{name.module}.{name.attribute}" if name.attribute else name.module


def _in_formatted(part: Constant | Formatted) -> list[Expression]:
    if isinstance(part, Constant):
        return []
    return [part.value] if part.spec is None else [part.value, part.spec]


_PARTS: Final[dict[type[Any], Callable[[Any], Sequence[Expression]]]] = {
    Shared: lambda shared: (shared.value,),
    Attribute: lambda attribute: (attribute.base,),
    Call: lambda call: [call.function, *call.arguments, *[value for _, value in call.keywords]],
    Starred: lambda starred: (starred.value,),
    ListDisplay: lambda display: display.items,
    TupleDisplay: lambda display: display.items,
    SetDisplay: lambda display: display.items,
    DictDisplay: lambda display: [
        part for pair in display.items for part in pair if part is not None
    ],
    FString: lambda text: [found for part in text.parts for found in _in_formatted(part)],
    Subscript: lambda subscript: (subscript.base, subscript.index),
    Union: lambda union: (union.left, union.right),
}
"""What is in each kind of expression, from left to right; in a name or a literal there is nothing."""


def _operand(expression: Expression, name: Spell) -> str:
    text = spell(expression, name)
    simple = isinstance(expression, Name | Shared | Attribute | Call | Subscript) or (
        isinstance(expression, Constant) and isinstance(expression.value, str | bytes)
    )
    return text if simple else f"({text})"


def _pair(key: Expression | None, value: Expression, name: Spell) -> str:
    return f"**{spell(value, name)}" if key is None else f"{spell(key, name)}: {spell(value, name)}"


def _index(index: Expression, name: Spell) -> str:
    if isinstance(index, TupleDisplay) and index.items:
        inside = ", ".join(spell(item, name) for item in index.items)
        return f"{inside}," if len(index.items) == 1 else inside
    return spell(index, name)


def _spell_fstring(expression: FString, name: Spell) -> str:
    text = "".join(_replacement(part, name) for part in expression.parts)
    values = [spell(value, name) for value in _values(expression)]
    # Before Python 3.12 a replacement field holds neither the quote of the string nor a backslash nor a line break.
    if not any(character in value for value in values for character in '"\\{}\n'):
        return f'f"{text}"'
    template = "".join(_placeholder(part) for part in expression.parts)
    return f'"{template}".format({", ".join(values)})'


def _literal(text: str) -> str:
    # With a double quote in it repr quotes with single ones, and escapes just those.
    escaped = repr('"' + text)[2:-1].replace("\\'", "'").replace('"', '\\"')
    return escaped.replace("{", "{{").replace("}", "}}")


def _parts(expression: Expression | None) -> tuple[Constant | Formatted, ...]:
    if expression is None:
        return ()
    if isinstance(expression, FString):
        return expression.parts
    return (expression,) if isinstance(expression, Constant) else (Formatted(expression),)


def _values(expression: Expression | None) -> Iterator[Expression]:
    for part in _parts(expression):
        if isinstance(part, Formatted):
            yield part.value
            yield from _values(part.spec)


def _field(part: Formatted, value: str, spec: str) -> str:
    conversion = f"!{part.conversion}" if part.conversion else ""
    return f"{{{value}{conversion}{':' + spec if part.spec is not None else ''}}}"


def _replacement(part: Constant | Formatted, name: Spell) -> str:
    if isinstance(part, Constant):
        return _literal(str(part.value))
    spec = "".join(_replacement(inner, name) for inner in _parts(part.spec))
    return _field(part, spell(part.value, name), spec)


def _placeholder(part: Constant | Formatted) -> str:
    if isinstance(part, Constant):
        return _literal(str(part.value))
    return _field(part, "", "".join(_placeholder(inner) for inner in _parts(part.spec)))
