"""How often a name is bound, as far as anyone can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.scan.facts import PLAIN

if TYPE_CHECKING:
    from pikku_core.scan.facts import Binding


def distinct(bindings: list[Binding]) -> list[Binding]:
    """The bindings without repetitions: importing the same thing twice binds it once."""
    if len(bindings) < 2:
        return bindings
    imports: dict[tuple[object, ...], Binding] = {}
    others: list[Binding] = []
    for binding in bindings:
        if binding[0] != "import":
            others.append(binding)
            continue
        key = (binding[3], binding[4], binding[5])
        if key not in imports or binding[2] == PLAIN:
            imports[key] = binding
    return [*imports.values(), *others]
