"""Imports that would fail: names that a module does not have, and modules that are not there.

Each is said once, at the import. What it was meant to bring is then known to be lost, and nothing else is said of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.nearest import nearest_name
from pikku_core.scan.facts import FOR_CHECKERS, PLAIN
from pikku_core.scan.marks import OPTIONS
from pikku_core.scan.names import Names
from pikku_core.scan.nodes import dotted_name
from pikku_core.scan.unresolved import SAID, UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.plugin.registry import Registry
    from pikku_core.scan.facts import Binding, Node
    from pikku_core.scan.modules import Module, ModuleTable
    from pikku_core.scan.report import Report

_GENERATED: Final = "pikku_app"
"""Its names are those that generating gives it."""


class ImportCheck:
    """Looks at what modules import from Pikku's packages, from those that rules name, and from the project's own.

    Args:
        registry: The names that its plugins say are there.
        modules: Where names are looked up, and `lost` ones kept.
    """

    def __init__(self, registry: Registry, modules: ModuleTable, report: Report) -> None:
        self._modules = modules
        # Of its own: what this remembers of a name may be lost in the end.
        self._names = Names(modules)
        self._report = report
        self._declaring: dict[str, set[str]] = {"pikku_core": set(OPTIONS)}
        calls = [call for rule in registry.scan_rules.values() for call in rule.calls]
        types = [
            name.replace(":", ".")
            for found in registry.wire_parameters.values()
            for name in (found.type, found.sync_type or "")
        ]
        for target in (*calls, *types):
            package, _, short = target.rpartition(".")
            self._declaring.setdefault(package, set()).add(short)
        self._known: dict[str, tuple[set[str], bool]] = {}
        self.services: set[str] = set()
        """Names of functions whose decorator is lost: they may have been services."""

    def check(self, modules: Iterable[Module]) -> None:
        """Reports what modules import in vain, and notes it in `ModuleTable.lost`, with what it decorates."""
        modules = list(modules)
        for module in modules:
            self._check_bindings(module)
        for module in modules:
            for node, _ in module.facts["calls"]:
                self._is_lost(module, node[1])
            for facts in module.facts["defs"]:
                for node, _ in facts["decorators"]:
                    if self._is_lost(module, node[1] if node[0] == "k" else node):
                        self._modules.lost.add((module.name, facts["name"]))
                        self.services.add(facts["name"])
                        break

    def _check_bindings(self, module: Module) -> None:
        for bindings in module.facts["bindings"].values():
            for binding in bindings:
                if binding[0] != "import" or binding[2] != PLAIN or not binding[4]:
                    continue
                # Most import from the project: that a name is not there is said where it is followed.
                if binding[5] or not self._modules.exists(binding[3]):
                    self._check_binding(module, binding)

    def _check_binding(self, module: Module, binding: Binding) -> None:
        _, line, _, written, name, level = binding
        try:
            target = self._names.absolute(module, written, level) if level else written
        except UnresolvedError:
            return
        if self._modules.missing(target):
            if (target, name) not in self._modules.lost:
                self._modules.lost.add((target, name))
            near = nearest_name(target, self._modules.own_names())
            self._report.add(
                "PKU766",
                f'There is no module "{target}".' + (f' There is "{near}".' if near else ""),
                module.at(line),
                hint="Import from a module that exists.",
            )
        else:
            self._check_name(module, target, name, line)

    def _check_name(self, module: Module, target: str, name: str, line: int) -> None:
        if not self._is_watched(target):
            return
        known, is_open = self._names_of(target)
        if name in known:
            return
        near = nearest_name(name, sorted(known), cutoff=0.8 if is_open else 0.6)
        if is_open and not near:
            return
        self._modules.lost.add((target, name))
        self._report.add(
            "PKU765",
            f'"{target}" has no "{name}".' + (f' Is it "{near}"?' if near else ""),
            module.at(line),
            hint="What it was meant to declare is lost.",
        )

    def _is_lost(self, module: Module, node: Node) -> bool:
        """Whether a callee or decorator is a name that is not there; one of `package.name` is looked up here."""
        if not self._modules.lost and node[0] != "a":
            return False
        if not dotted_name(node):
            return False
        try:
            found, rest = self._names.dotted(module, node)
        except UnresolvedError as error:
            return error.code == SAID
        if node[0] == "a" and not rest and found.name.attribute:
            self._check_name(module, found.name.module, found.name.attribute, node[-1])
        return (found.name.module, found.name.attribute) in self._modules.lost

    def _is_watched(self, target: str) -> bool:
        top = target.partition(".")[0]
        if top == _GENERATED:
            return False
        watched = target in self._declaring or top.startswith("pikku_")
        return watched and not self._modules.exists(target)

    def _names_of(self, target: str) -> tuple[set[str], bool]:
        """The names of an installed module, and whether it may have others that its source does not show."""
        if target not in self._known:
            names = set(self._declaring.get(target, ()))
            module = self._modules.installed(target)
            is_open = True
            if module is not None and module.facts["error"] is None:
                facts = module.facts
                bound = facts["bindings"]
                names.update(facts["exports"] or (), bound)
                computed = "__getattr__" in bound or any(
                    star[3] != FOR_CHECKERS for star in facts["stars"]
                )
                unlisted = facts["exports"] is None
                is_open = unlisted and (computed or "__all__" in bound)
                names.update(self._modules.submodules(target))
            self._known[target] = (names, is_open)
        return self._known[target]
