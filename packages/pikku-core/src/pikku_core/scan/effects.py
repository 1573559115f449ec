"""What the statements of a module with wirings may change, beside declaring: nothing runs them in production."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pikku_core.scan.facts import ACTED_ON, ASSIGNED_INTO, MENTIONED
from pikku_core.scan.nodes import dotted_name, names_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.scan.facts import Node
    from pikku_core.scan.modules import Module


Effects: TypeAlias = "dict[str, tuple[int, int]]"


def effects_of(module: Module, calls: Sequence[Node], assigned: Sequence[Node]) -> Effects:
    """The names that may be changed, each with a line and what that line does to it; see `ModuleFacts.effects`.

    Args:
        calls: The calls among the module's top-level statements that declare nothing.
        assigned: Those whose results are assigned: they run again where the result is used, and nowhere else.
    """
    effects = dict(module.facts["effects"])
    for node in calls:
        receiver = _receiver(node[1])
        if dotted_name(node[1]) in {"setattr", "delattr"} and node[2]:
            _note(effects, dotted_name(node[2][0]).partition(".")[0], node[4], ASSIGNED_INTO)
        for name in names_in(node):
            _note(effects, name, node[4], ACTED_ON if name == receiver else MENTIONED)
    for node in assigned:
        # `x = built.part()` builds a value; `x = listed.append(1)` is there for what it does.
        if _value_of(module, receiver := _receiver(node[1]))[0] in {"l", "d", "s"}:
            _note(effects, receiver, node[4], ACTED_ON)
    for facts in module.facts["defs"]:
        for node, line in facts["decorators"]:
            receiver = _receiver(node[1] if node[0] == "k" else node)
            if _value_of(module, receiver)[0] not in {"", "n", "a"}:
                _note(effects, receiver, line, ACTED_ON)
    return _through_values(module, effects)


def _note(effects: Effects, name: str, line: int, level: int) -> None:
    known = effects.get(name)
    if known is None or level > known[1]:
        effects[name] = (line, level)


def _receiver(node: Node) -> str:
    """`x` of `x.append`; empty for anything that is no attribute."""
    return dotted_name(node).partition(".")[0] if node[0] == "a" else ""


def _value_of(module: Module, name: str) -> Node:
    """What a name of the module is assigned; a node with an empty tag where it is bound otherwise."""
    for binding in module.facts["bindings"].get(name, ()):
        if binding[0] == "=":
            value: Node = binding[3]
            return value
    return ("",)


def _through_values(module: Module, effects: Effects) -> Effects:
    """Adds what a changed value was made of: `b = [a]` and a change of `b` may change `a`."""
    pending = list(effects)
    while pending:
        name = pending.pop()
        for binding in module.facts["bindings"].get(name, []):
            if binding[0] != "=":
                continue
            for part in names_in(binding[3]):
                if part not in effects or effects[name][1] > effects[part][1]:
                    effects[part] = effects[name]
                    pending.append(part)
    return effects
