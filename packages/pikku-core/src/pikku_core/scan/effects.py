"""What the statements of a module with wirings may change, beside declaring: nothing runs them in production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.scan.nodes import dotted_name, names_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.scan.facts import Node
    from pikku_core.scan.modules import Module


def effects_of(module: Module, calls: Sequence[Node]) -> dict[str, tuple[int, bool]]:
    """The names that may be changed, each with a line and whether that line acts on the name itself.

    Args:
        calls: The calls among the module's top-level statements that declare nothing.
    """
    effects = dict(module.facts["effects"])
    for node in calls:
        receiver = dotted_name(node[1][1]).partition(".")[0] if node[1][0] == "a" else ""
        for name in names_in(node):
            known = effects.get(name)
            if known is None or (name == receiver and not known[1]):
                effects[name] = (node[4], name == receiver)
    return _through_values(module, effects)


def _through_values(
    module: Module, effects: dict[str, tuple[int, bool]]
) -> dict[str, tuple[int, bool]]:
    """Adds what a changed value was made of: `b = [a]` and a change of `b` may change `a`."""
    pending = list(effects)
    while pending:
        name = pending.pop()
        for binding in module.facts["bindings"].get(name, []):
            if binding[0] != "=":
                continue
            for part in names_in(binding[3]):
                if part not in effects or (effects[name][1] and not effects[part][1]):
                    effects[part] = effects[name]
                    pending.append(part)
    return effects
