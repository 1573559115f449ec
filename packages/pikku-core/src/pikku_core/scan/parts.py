"""Calls inside an argument: the routes of a group, written there or under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pikku_core.plugin.diagnostics import DiagnosticError
from pikku_core.scan.arguments import what_is
from pikku_core.scan.facts import MENTIONED
from pikku_core.scan.nodes import dotted_name, line_of
from pikku_core.scan.report import failure, from_unresolved
from pikku_core.scan.unresolved import UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from pikku_core.scan.facts import Node
    from pikku_core.scan.modules import Module
    from pikku_core.scan.resolve import Resolver


class Part(NamedTuple):
    """A call and the module that it stands in.

    Attributes:
        target: The dotted name that is called, as the rule lists it.
    """

    module: Module
    node: Node
    target: str


def find_parts(
    resolver: Resolver, targets: Container[str], module: Module, node: Node, line: int
) -> Iterator[Part]:
    """The calls of some names that a list holds.

    Args:
        targets: The dotted names.
        node: The list, or the name of one.

    Raises:
        DiagnosticError: It holds something else, or a name that leads nowhere.
    """
    finder = _Finder(resolver, targets)
    return finder.listed(module, node, line)


class _Finder:
    def __init__(self, resolver: Resolver, targets: Container[str]) -> None:
        self._resolver = resolver
        self._targets = targets

    def listed(self, module: Module, node: Node, line: int) -> Iterator[Part]:
        if node[0] in {"n", "a"}:
            module, node, line = self._assigned(module, node, line)
        if node[0] not in {"l", "t"}:
            raise self._no_part(module, node, line, "a list")
        items: Iterable[Node] = node[1]
        for item in items:
            at = line_of(item, line)
            if item[0] == "*":
                yield from self.listed(module, item[1], at)
            else:
                yield self._part(module, item, at)

    def _part(self, module: Module, node: Node, line: int) -> Part:
        if node[0] in {"n", "a"}:
            module, node, line = self._assigned(module, node, line)
        target = ""
        if node[0] == "k" and dotted_name(node[1]):
            try:
                found, rest = self._resolver.found(module, node[1], line)
            except UnresolvedError as error:
                raise DiagnosticError(from_unresolved(error, module.at(line))) from None
            target = "" if rest else f"{found.name.module}.{found.name.attribute}"
        if target not in self._targets:
            raise self._no_part(module, node, line, "a route or a group")
        return Part(module, node, target)

    def _assigned(self, module: Module, node: Node, line: int) -> tuple[Module, Node, int]:
        """What is assigned to a name, with its module and line."""
        name = dotted_name(node)
        try:
            if not name:
                raise self._no_part(module, node, line, "a route or a group")
            found, rest = self._resolver.found(module, node, line)
        except UnresolvedError as error:
            raise DiagnosticError(from_unresolved(error, module.at(line))) from None
        owner, binding = found.module, found.binding
        if rest or owner is None or binding is None or binding[0] != "=":
            raise self._no_part(module, node, line, "a route or a group")
        at, level = owner.facts["effects"].get(found.name.attribute, (0, MENTIONED))
        if level > MENTIONED:
            raise failure(
                "PKU716",
                f'"{name}" may be changed by the statement on line {at} of "{owner.name}".',
                module.at(line),
                hint="Write all routes out where it is assigned.",
            )
        return owner, binding[3], binding[1]

    def _no_part(self, module: Module, node: Node, line: int, wanted: str) -> DiagnosticError:
        name = dotted_name(node)
        what = f'"{name}"' if name else what_is(node).capitalize()
        return failure(
            "PKU795",
            f"{what} is not {wanted}.",
            module.at(line),
            hint="Write each out, or name a value that is assigned at the top level of a module.",
        )
