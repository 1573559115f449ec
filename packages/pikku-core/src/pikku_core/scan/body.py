"""What the body of a function does with the wire things that are read by attribute: `rpc`, `secrets`, `variables`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from pikku_core.scan.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterable

MAPPING: Final = frozenset({"get", "items", "keys", "values"})
"""Attributes of `variables` that make it the environment, which needs no declaration."""

INVOKED: Final = "="
"""Stands before a name that `rpc.invoke` is given: an id, where other names are attributes."""


class BodyReader:
    """Reads the bodies of one file.

    Args:
        text: Its source.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[str, Places] = {}

    def uses(self, body: Iterable[ast.stmt], thing: str) -> list[tuple[str, int]]:
        """What is read from a thing, with lines: `("send_welcome", 7)`; an empty name where it cannot be told."""
        if thing not in self._places:
            self._places[thing] = Places(self._text, rf"{thing}\b")
        places = self._places[thing]
        found: list[tuple[str, int]] = []
        pending: list[ast.AST] = [*reversed([*body])]
        while pending:
            node = pending.pop()
            if thing == "rpc" and isinstance(node, ast.Call) and _is_invoke(node):
                name = _literal_name(node)
                found.append((name and f"{INVOKED}{name}", node.lineno))
                pending.extend(reversed([*node.args, *node.keywords]))
            elif thing == "variables" and (beside := _beside_mapping(node)) is not None:
                pending.extend(beside)
            elif isinstance(node, ast.Attribute) and (name := _attributes(node, thing)):
                found.append(("" if (thing, name) == ("rpc", "invoke") else name, node.lineno))
            elif isinstance(node, ast.Name) and node.id == thing:
                found.append(("", node.lineno))
            elif places.within(node):
                pending.extend(reversed([*places.children(node)]))
        return found


def _is_invoke(call: ast.Call) -> bool:
    return _attributes(call.func, "rpc") == "invoke"


def _beside_mapping(node: ast.AST) -> list[ast.AST] | None:
    """What else a use of `variables` as a mapping has in it: the key; None for anything else."""
    match node:
        case ast.Attribute() if _attributes(node, "variables").partition(".")[0] in MAPPING:
            return []
        case ast.Subscript(ast.Name("variables"), key):
            return [key]
        case ast.Compare(key, [ast.In() | ast.NotIn()], [ast.Name("variables")]):
            return [key]
        case _:
            return None


def _attributes(node: ast.expr, thing: str) -> str:
    """`acme.send` of the expression `rpc.acme.send`; empty for any other."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    is_thing = isinstance(node, ast.Name) and node.id == thing
    return ".".join(reversed(parts)) if is_thing else ""


def _literal_name(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return str(first.value) if isinstance(first, ast.Constant) and literal else ""
