"""An argument that is a type: `define_secret("key", str)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin.diagnostics import DiagnosticError
from pikku_core.plugin.expression import Attribute, Expression, Name, Subscript, Union
from pikku_core.scan.report import failure, from_unresolved
from pikku_core.scan.unresolved import UnresolvedError

if TYPE_CHECKING:
    from pikku_core.scan.facts import Node
    from pikku_core.scan.modules import Module
    from pikku_core.scan.resolve import Resolver


def read_type(resolver: Resolver, module: Module, node: Node, line: int) -> Expression:
    """The type that an argument is.

    It is read as an annotation is, so that `list[str]` and `int | None` count, and must be there when the module runs.

    Raises:
        DiagnosticError: It is no type (PKU124), or cannot be resolved.
    """
    place = module.at(line)
    try:
        found = resolver.annotation(module, node, line)
        if isinstance(found, Name):
            _check_value(resolver, module, node, line)
    except UnresolvedError as error:
        raise DiagnosticError(from_unresolved(error, place)) from None
    if not isinstance(found, (Attribute, Name, Subscript, Union)):
        raise failure(
            "PKU124",
            "The type is none.",
            place,
            hint="Name a class, or write what an annotation would be: list[str].",
        )
    return found


def _check_value(resolver: Resolver, module: Module, node: Node, line: int) -> None:
    """Raises `UnresolvedError` for a name that only type checkers have, or that is bound further below."""
    try:
        resolver.expression(module, node, line)
    except UnresolvedError as error:
        # An alias of `list[str]` cannot be written out as a value, and need not be.
        if error.code != "PKU711":
            raise
