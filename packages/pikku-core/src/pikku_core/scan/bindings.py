"""What the bindings of a name say, before anything is resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.scan.facts import PLAIN
from pikku_core.scan.nodes import dotted_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from pikku_core.scan.facts import Binding, ModuleFacts, Node


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


def is_bound_once(facts: ModuleFacts, name: str) -> bool:
    """Whether one statement binds a name, always, and no star import can."""
    bindings = facts["bindings"].get(name, ())
    return len(bindings) == 1 and bindings[0][2] == PLAIN and not facts["stars"]


def renames(binding: Binding, words: Collection[str]) -> bool:
    """Whether a binding makes its name another one for one of the words."""
    if binding[0] == "import":
        return binding[4] in words
    return binding[0] == "=" and dotted_name(binding[3]).rpartition(".")[2] in words


def may_be(facts: ModuleFacts, node: Node, words: Collection[str]) -> bool:
    """Whether a dotted name that leads nowhere could, by some binding of it, be one of the words."""
    name = dotted_name(node)
    if name.rpartition(".")[2] in words:
        return True
    return any(renames(binding, words) for binding in facts["bindings"].get(name, ()))


def may_use(facts: ModuleFacts, words: Collection[str], stems: Collection[str]) -> bool:
    """Whether a module imports one of the words, everything, or something from a module with one of the names."""
    for imported in facts["imports"]:
        names = imported["names"] or ()
        if imported["module"].rpartition(".")[2] in stems:
            return True
        if any(name == "*" or name in words or name in stems for name in names):
            return True
    return False
