"""Wirings and other declarations: finds the calls that scan rules read, and lets the rules read them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from pikku_core.plugin.diagnostics import Diagnostic, DiagnosticError
from pikku_core.plugin.fault import fault_place
from pikku_core.plugin.model import DeclarationModel, WiringModel
from pikku_core.plugin.target import resolve
from pikku_core.scan.bindings import may_be
from pikku_core.scan.callsite import Linkers, ScannedCall
from pikku_core.scan.effects import effects_of
from pikku_core.scan.marks import OPTIONS
from pikku_core.scan.nodes import dotted_name
from pikku_core.scan.parts import Part
from pikku_core.scan.unresolved import UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_core.plugin.callsite import ReadCall
    from pikku_core.plugin.declarations import ScanRule, WiringKind
    from pikku_core.scan.callables import CallableLinker
    from pikku_core.scan.facts import Node
    from pikku_core.scan.functions import FunctionLinker
    from pikku_core.scan.modules import Module
    from pikku_core.scan.names import Names
    from pikku_core.scan.parameters import Providers
    from pikku_core.scan.report import Report
    from pikku_core.scan.resolve import Resolver

D = TypeVar("D", bound=DeclarationModel)

_WHERE = {
    "function": ("PKU702", "inside a function", "Move the call to the top level of the module."),
    "class": ("PKU702", "inside a class", "Move the call to the top level of the module."),
    "expression": ("PKU702", "inside an expression", "Make the call a statement of its own."),
    "comprehension": ("PKU702", "inside a comprehension", "Write the calls out, one for each."),
    "value": ("PKU702", "without being called", "Call it by its name, as a statement of its own."),
    "loop": ("PKU703", "in a loop", "Write the calls out, one for each."),
    "conditional": (
        "PKU704",
        "under a condition",
        "Move it out, and choose what is deployed with filters and tags.",
    ),
}


class WiringLinker:
    """Reads the declaring calls of modules, in order of source.

    Args:
        rules: The registry's scan rules.
    """

    def __init__(
        self,
        rules: Mapping[str, ScanRule],
        *,
        resolver: Resolver,
        installed: Names,
        functions: FunctionLinker,
        callables: CallableLinker,
        report: Report,
    ) -> None:
        self._rules = {call: rule for _, rule in sorted(rules.items()) for call in rule.calls}
        self.words = {call.rpartition(".")[2] for call in self._rules} | OPTIONS.keys()
        """The last names of everything that declares something; `Linker` adds those that modules of the project give it."""
        self._readers: dict[str, ReadCall] = {}
        self._resolver = resolver
        self._linkers = Linkers(resolver, installed, functions, callables)
        self._report = report
        self.declarations: list[DeclarationModel] = []

    def find(self, module: Module) -> list[tuple[str, Node]]:
        """The declaring calls of a module, with their targets; marks the module as one with wirings if it has any."""
        found: list[tuple[str, Node]] = []
        others: list[Node] = []
        values: list[Node] = []
        for node, assigned in module.facts["calls"]:
            target = self._target(module, node[1])
            if target in self._rules:
                found.append((target, node))
            elif not assigned:
                others.append(node)
                self._unread(module, target, node)
            else:
                values.append(node)
            if target.rpartition(".")[2] in OPTIONS and target.startswith("pikku_core."):
                self._called_mark(module, target, node)
        if found:
            module.declares = True
            module.effects = effects_of(module, others, values)
        return found

    def report_hidden(self, module: Module) -> None:
        """Reports the uses of declaring names that are not statements at the top level."""
        for facts in module.facts["defs"]:
            for node, line in facts["decorators"]:
                target = self._target(module, node[1] if node[0] == "k" else node)
                if target in self._rules:
                    self._report.add(
                        "PKU702",
                        f'"{target.rpartition(".")[2]}" is used as a decorator.',
                        module.at(line),
                        hint=f'Call it at the top level of a module, with "{facts["name"]}" as an argument.',
                    )
        for node, line, context in module.facts["hidden"]:
            target = self._target(module, node)
            if target not in self._rules and not _is_mark(target):
                continue
            code, where, hint = _WHERE[context]
            short = target.rpartition(".")[2]
            if _is_mark(target):
                code, hint = (
                    "PKU760",
                    "Use it as a decorator of a function at the top level of a module.",
                )
                where = (
                    f"{where}, not as a decorator"
                    if context != "value"
                    else "otherwise than as a decorator"
                )
            self._report.add(code, f'"{short}" is used {where}.', module.at(line), hint=hint)

    def refuse(self, module: Module, calls: Iterable[tuple[str, Node]]) -> None:
        """Reports the declaring calls of an addon: what is wired is for the project to say."""
        for target, node in calls:
            self._report.add(
                "PKU920",
                f'The addon "{module.owner_addon}" calls "{target.rpartition(".")[2]}".',
                module.at(node[4]),
                hint="An addon brings functions and services; the project that uses it declares wirings.",
            )

    def read(self, module: Module, calls: Iterable[tuple[str, Node]]) -> None:
        """Lets the rules read the calls."""
        for target, node in calls:
            rule = self._rules[target]
            try:
                site = ScannedCall(Part(module, node, target), rule, self._linkers)
                found = list(self._reader(rule)(site))
            except DiagnosticError as error:
                self._report.take(error.diagnostic)
                continue
            except Exception as error:  # noqa: BLE001 -- a plugin may raise anything
                place = fault_place(error)
                self._report.add(
                    "PKU780",
                    f'The scan rule "{rule.name}" raised "{type(error).__name__}: {error}" for this call.',
                    module.at(node[4]),
                    hint="Turn the plugin off and report it.",
                    related=[] if place is None else [place],
                )
                continue
            for item in found:
                if isinstance(item, Diagnostic):
                    self._report.take(item)
                else:
                    self.declarations.append(item)

    def unique(self) -> tuple[list[WiringModel], list[DeclarationModel]]:
        """The wirings and all declarations, sorted by kind and id.

        A second wiring of one identity is reported and left out; a second declaration of one subject gets `#2`.
        """
        wirings: dict[tuple[str, str], WiringModel] = {}
        others: list[DeclarationModel] = []
        counts: dict[tuple[str, str], int] = {}
        for found in sorted(self.declarations, key=_place):
            key = (found.kind, found.id)
            if not isinstance(found, WiringModel):
                counts[key] = counts.get(key, 0) + 1
                others.append(
                    found if counts[key] == 1 else replace(found, id=f"{found.id}#{counts[key]}")
                )
            elif key in wirings:
                self._report.add(
                    "PKU726",
                    f'"{found.id}" is wired twice.',
                    found.location,
                    hint="Keep one of them.",
                    related=[wirings[key].location],
                )
            else:
                wirings[key] = found
        ordered = _sorted(wirings.values())
        return ordered, _sorted([*others, *ordered])

    def _reader(self, rule: ScanRule) -> ReadCall:
        if rule.name not in self._readers:
            self._readers[rule.name] = resolve(rule.read)
        return self._readers[rule.name]

    def _target(self, module: Module, node: Node) -> str:
        """The dotted name that a callee leads to; empty where it leads nowhere."""
        if not dotted_name(node):
            return ""
        try:
            found, rest = self._resolver.names.dotted(module, node)
        except UnresolvedError as error:
            return self._unresolved(module, node, error)
        return "" if rest else f"{found.name.module}.{found.name.attribute}"

    def _unresolved(self, module: Module, node: Node, error: UnresolvedError) -> str:
        """A callee that is bound under a condition or twice may still be a declaring call: then it is reported."""
        if may_be(module.facts, node, self.words):
            self._report.unresolved(error.at(node[-1]), module.at(node[-1]))
        return ""

    def note_needs(self, kinds: Mapping[str, WiringKind], providers: Providers) -> None:
        """Notes the services that what runs the wirings asks for."""
        for index, found in enumerate(self.declarations):
            needs = kinds[found.kind].needs if found.kind in kinds else ()
            if needs and isinstance(found, WiringModel):
                self.declarations[index] = replace(found, needs=needs)
                for service in needs:
                    providers.find(service)

    def _unread(self, module: Module, target: str, node: Node) -> None:
        """Reports a call that looks like a wiring of a transport whose plugin is not there: it would be lost unseen."""
        package, _, short = target.rpartition(".")
        if short.startswith("wire_") and not self._resolver.names.modules.exists(package):
            self._report.add(
                "PKU764",
                f'"{short}" of "{package}" is read by no active plugin, so the call declares nothing.',
                module.at(node[4]),
                hint='Install its plugin, or turn it on: "pikku plugins" lists them.',
            )

    def _called_mark(self, module: Module, target: str, node: Node) -> None:
        short = target.rpartition(".")[2]
        self._report.add(
            "PKU760",
            f'"{short}" is called otherwise than as a decorator.',
            module.at(node[4]),
            hint="Use it as a decorator of a function at the top level of a module.",
        )


def _is_mark(target: str) -> bool:
    package, _, name = target.partition(".")
    return package == "pikku_core" and name.rpartition(".")[2] in OPTIONS


def _place(found: DeclarationModel) -> tuple[str, int]:
    return found.location.file, found.location.line  # compares faster than the location itself


def _sorted(found: Iterable[D]) -> list[D]:
    return sorted(found, key=lambda one: (one.kind, one.id))
