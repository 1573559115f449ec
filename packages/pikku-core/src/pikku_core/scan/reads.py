"""Which functions of a module read one of its values."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pikku_core.scan.actions import local_names
from pikku_core.scan.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.scan.modules import Module

_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def reader_of(module: Module, value: str) -> tuple[str, int] | None:
    """What reads a value of its module, and the line: a decorated function or class, or what it uses of the module.

    It is looked for in the source, which is parsed again: few values are asked about.
    """
    if not module.facts["defs"]:
        return None
    try:
        source = Path(module.source.path).read_bytes()
        tree = ast.parse(source)
    except (OSError, SyntaxError, ValueError):  # It has changed since it was scanned.
        return None
    defined = {node.name: node for node in tree.body if isinstance(node, _DEFINITIONS)}
    pattern = "|".join(rf"{name}\b" for name in sorted({value, *defined}))
    places = Places(source.decode("utf-8", "replace"), pattern)
    pending = [facts["name"] for facts in module.facts["defs"] if facts["name"] in defined][::-1]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        for read, line in _reads(defined[name], places):
            if read == value:
                return name, line
            if read in defined:
                pending.append(read)
    return None


def _reads(definition: Any, places: Places) -> Iterator[tuple[str, int]]:
    """The names that a definition takes from outside, with lines."""
    own = local_names(definition)
    for node in places.walk([definition]):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
            yield node.id, node.lineno
