"""Whether a name has, where it is used, the value that its binding gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.scan.facts import ACTED_ON, ASSIGNED_INTO, MENTIONED
from pikku_core.scan.nodes import dotted_name
from pikku_core.scan.unresolved import UnresolvedError

if TYPE_CHECKING:
    from pikku_core.scan.facts import Node
    from pikku_core.scan.modules import Module
    from pikku_core.scan.names import Found

MOVE: Final = "Move it to a named value in a module without wirings."


def check_effect(module: Module, node: Node, found: Found) -> None:
    """Refuses an imported or defined name that a statement acts on; values of the module itself are checked as such."""
    if not module.effects or found.is_module:
        return
    root = dotted_name(node).partition(".")[0]
    binding = module.facts["bindings"].get(root, [("import", 0, 0, "", "")])[0]
    imported_module = binding[0] == "import" and not binding[4] and node[0] == "a"
    level = module.effects.get(root, (0, MENTIONED))[1]
    if level == ASSIGNED_INTO or (level == ACTED_ON and not imported_module):
        raise changed(root, module, node[-1])


def check_order(module: Module, node: Node, line: int) -> None:
    """Refuses a name that its module binds only below its use."""
    while node[0] == "a":
        node = node[1]
    root = node[1]
    bindings = module.facts["bindings"].get(root)
    if bindings and line and bindings[0][1] > line:
        raise UnresolvedError(
            "PKU712",
            f'The name "{root}" is bound only on line {bindings[0][1]}, below its use.',
            "Move the use below it.",
            line,
        )


def changed(name: str, module: Module, line: int) -> UnresolvedError:
    """The error for a name that a statement may change."""
    return UnresolvedError(
        "PKU716",
        f'"{name}" may be changed by the statement on line {module.effects[name][0]} of "{module.name}", '
        "which nothing runs in production.",
        MOVE,
        line,
    )
