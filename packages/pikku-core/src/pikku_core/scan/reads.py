"""Which values of a module its functions read."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final, cast

from pikku_core.scan.actions import local_names
from pikku_core.scan.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.scan.facts import ModuleFacts, Node

_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def value_reads(tree: ast.Module, text: str, facts: ModuleFacts) -> dict[str, tuple[str, int]]:
    """The values that decorated functions read by their names, themselves or by what they use of the module.

    Those are looked for of which two may differ: results of calls, `{}` and `[]`.

    Returns:
        By the value's name: which function or class reads it first, and the line.
    """
    # Only what wirings use can be made a second time, and these are calls at the top level.
    if not facts["defs"] or not facts["calls"]:
        return {}
    values = {
        name
        for name, bindings in facts["bindings"].items()
        if any(found[0] == "=" and _may_differ(found[3]) for found in bindings)
    }
    if not values:
        return {}
    defined = {node.name: node for node in tree.body if isinstance(node, _DEFINITIONS)}
    places = Places(text, "|".join(rf"{name}\b" for name in sorted({*values, *defined})))
    pending = [facts["name"] for facts in facts["defs"] if facts["name"] in defined][::-1]
    found: dict[str, tuple[str, int]] = {}
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        for read, line in _reads(defined[name], places):
            if read in values:
                found.setdefault(read, (name, line))
            elif read in defined:
                pending.append(read)
    return found


def _reads(definition: Any, places: Places) -> Iterator[tuple[str, int]]:
    """The names that a definition takes from outside, with lines."""
    own = local_names(definition)
    for node in places.walk([definition]):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
            yield node.id, node.lineno


def _may_differ(node: object) -> bool:
    """Whether a node (see `facts.Node`) is or holds a call or an empty display."""
    if not isinstance(node, tuple):
        return False
    parts = cast("Node", node)  # type: ignore[redundant-cast]  # pyright knows nothing of the items
    is_empty = parts[:1] in {("d",), ("l",)} and parts[1:] == ((),)
    return is_empty or parts[:1] == ("k",) or any(map(_may_differ, parts))
