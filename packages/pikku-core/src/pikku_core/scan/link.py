"""Phase two: from the facts of all files to one linked project. Global and cheap, so never cached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.plugin.diagnostics import Location
from pikku_core.plugin.model import AddonModel, DeclarationModel, Project
from pikku_core.scan.addons import AddonNotFoundError, asking, find_addon
from pikku_core.scan.bindings import may_use, renames
from pikku_core.scan.callables import CallableLinker
from pikku_core.scan.functions import FunctionLinker
from pikku_core.scan.graph import ForeignImports, ImportGraph
from pikku_core.scan.imports import ImportCheck
from pikku_core.scan.marks import CALLABLES, FUNCTIONS, Marked, Marks
from pikku_core.scan.names import Names
from pikku_core.scan.parameters import RESERVED, ParameterReader, Providers
from pikku_core.scan.resolve import Resolver
from pikku_core.scan.rpc import RpcNames
from pikku_core.scan.services import ServiceLinker
from pikku_core.scan.unresolved import UnresolvedError
from pikku_core.scan.uses import Uses
from pikku_core.scan.versions import report_misnamed, report_unversioned
from pikku_core.scan.wirings import WiringLinker

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pikku_core.plugin.registry import Registry
    from pikku_core.scan.facts import Node
    from pikku_core.scan.modules import Module, ModuleTable
    from pikku_core.scan.report import Report

DEFINING: Final = frozenset({"define_secret", "define_variable"})
FIRST: Final = DEFINING | {"wire_addon"}
"""Calls that are read before functions are linked."""


class Linker:
    """Links the modules of a table.

    Args:
        modules: The project's files, already added.
        report: Where diagnostics go.
    """

    def __init__(self, modules: ModuleTable, registry: Registry, report: Report) -> None:
        self.modules = modules
        self.registry = registry
        self.report = report
        self.names = Names(modules)
        self.installed = Names(modules, into_installed=True)
        self.imports = ImportCheck(registry, modules, report)
        self.resolver = Resolver(self.names)
        self.marks = Marks(self.resolver, report)
        self.providers = Providers(
            plugin_services={name: found.factory for name, found in registry.services.items()},
            wire_things={
                name: (found.type, found.sync_type)
                for name, found in registry.wire_parameters.items()
                if name not in RESERVED
            },
        )
        parameters = ParameterReader(self.resolver, self.providers, report)
        self.uses = Uses(report)
        self.services = ServiceLinker(self.marks, parameters, self.providers, self.uses, report)
        self.callables = CallableLinker(
            self.resolver, self.installed, self.marks, parameters, uses=self.uses, report=report
        )
        self.functions = FunctionLinker(
            self.resolver, self.marks, parameters, self.callables, uses=self.uses, report=report
        )
        self.wirings = WiringLinker(
            registry.scan_rules,
            resolver=self.resolver,
            installed=self.installed,
            functions=self.functions,
            callables=self.callables,
            report=report,
        )
        self.addons: dict[str, AddonModel] = {}

    def link(self) -> Project:
        """The linked project, without the types of its data."""
        self.read_renamed()
        project = self.modules.parsed()
        self.report_unreadable(project)
        self.report_hidden_files()
        self.check_imports(project)
        calls = {module: self.wirings.find(module) for module in project}
        for module in project:
            self.wirings.report_hidden(module)
        self.read_definitions(calls)
        marked = self.declare(project)
        marked += self.link_addons(calls)
        functions = {id_: self.functions.marked(id_) for id_ in self.functions.ids}
        places = {id_: found.location for id_, found in functions.items()}
        report_unversioned(places, self.report)
        report_misnamed(functions, self.report)
        addons = {name: found.location for name, found in self.addons.items()}
        self.uses.rpc_names = rpc = RpcNames(places, addons, self.report)
        self.uses.definitions.check_keys(addons)
        for callable_ in marked:
            if callable_.mark in CALLABLES:
                self.callables.link(callable_)
        self.functions.link(self.addons)
        for module, found in calls.items():
            self.wirings.read(module, [call for call in found if _short(call) not in FIRST])
        self.uses.definitions.check_read(self.wirings.declarations)
        self.wirings.note_needs(self.registry.wiring_kinds, self.providers)
        self.link_services()
        # Files that only an import led into are read by now.
        for owner in ("", *self.addons):
            self.report_unreadable(self.modules.parsed(owner))
        return self.project(rpc)

    def read_renamed(self) -> None:
        """Reads what uses a declaring name under one that another module gives it, `from app.web import route`."""
        words = self.wirings.words
        while renamed := renamed_words(self.modules.parsed(), words):
            words.update(renamed)
            stems = {module.name.rpartition(".")[2] for module in renamed.values()}
            self.modules.read_mentioning(sorted(renamed))
            for module in self.modules.parsed():
                if may_use(module.facts, renamed, stems):
                    self.modules.read_again(module, sorted(words))

    def declare(self, modules: Iterable[Module]) -> list[Marked]:
        """Takes the ids of everything marked in the modules."""
        found = [marked for module in modules for marked in self.marks.of(module)]
        for marked in found:
            if marked.mark in FUNCTIONS:
                self.functions.declare(marked)
            elif marked.mark not in CALLABLES:
                self.services.declare(marked)
        return found

    def link_addons(self, calls: Mapping[Module, list[tuple[str, Node]]]) -> list[Marked]:
        """Reads the addon declarations, and scans what they name."""
        for module, found in calls.items():
            self.wirings.read(module, [call for call in found if _short(call) == "wire_addon"])
        marked: list[Marked] = []
        for declaration in [found for found in self.wirings.declarations if found.kind == "addon"]:
            marked += self.link_addon(declaration)
        return marked

    def link_addon(self, declaration: DeclarationModel) -> list[Marked]:
        """Scans one addon."""
        name, package = str(declaration.meta["name"]), str(declaration.meta["package"])
        place = declaration.location
        if name in self.addons:
            self.report.add(
                "PKU731",
                f'Two addons are called "{name}".',
                place,
                hint="Rename one of them.",
                related=[self.addons[name].location],
            )
            return []
        for other in self.addons.values():
            if other.package == package:
                self.report.add(
                    "PKU731",
                    f'The addon "{package}" is used twice, as "{other.name}" and as "{name}".',
                    place,
                    hint="Keep one of them.",
                    related=[other.location],
                )
                return []
        try:
            addon = find_addon(name, package, place)
        except AddonNotFoundError as error:
            self.report.add(
                "PKU340",
                str(error),
                place,
                hint="Install the distribution that brings it, and name its import package.",
            )
            return []
        self.addons[name] = asking(addon.model, declaration)
        self.modules.add(addon.sources, owner=name)
        modules = self.modules.parsed(name)
        self.report_unreadable(modules)
        self.check_imports(modules)
        calls = {module: self.wirings.find(module) for module in modules}
        for module, found in calls.items():
            self.wirings.refuse(module, [call for call in found if _short(call) not in DEFINING])
        self.read_definitions(calls, name)
        return self.declare(modules)

    def read_definitions(
        self, calls: Mapping[Module, list[tuple[str, Node]]], addon: str = ""
    ) -> None:
        """Reads the secrets and variables of the project, or of an addon: before what reads their values."""
        before = self.wirings.declarations
        self.wirings.declarations = []
        for module, found in calls.items():
            self.wirings.read(module, [call for call in found if _short(call) in DEFINING])
        kept = self.uses.definitions.take(self.wirings.declarations, addon)
        self.wirings.declarations = [*before, *kept]

    def link_services(self) -> None:
        """Makes the models of the services, and of those of plugins that something asks for."""
        self.services.link()
        done: set[str] = set()
        while self.providers.wanted - done:
            name = min(self.providers.wanted - done)
            done.add(name)
            marked = self.plugin_service(self.providers.plugin_services[name])
            if marked is not None:
                self.services.declare_plugin_service(name, marked)
                self.services.link()

    def plugin_service(self, target: str) -> Marked | None:
        """The factory of a plugin's service."""
        module_name, _, attribute = target.partition(":")
        try:
            found = self.installed.attribute(module_name, attribute)
        except UnresolvedError:
            found = None
        if found is not None and found.module is not None:
            for marked in self.marks.of(found.module):
                if (
                    marked.mark == "pikku_service"
                    and marked.facts["qualname"] == found.name.attribute
                ):
                    return marked
        self.report.add(
            "PKU732",
            f'The plugin service "{target}" is not a function marked with "pikku_service".',
            None,
            hint="Tell the author of the plugin.",
        )
        return None

    def check_imports(self, modules: list[Module]) -> None:
        """Reports what modules import in vain; what is lost with it is not reported again."""
        self.imports.check(modules)
        self.providers.lost |= self.imports.services

    def report_hidden_files(self) -> None:
        """Reports files that Python imports another file for."""
        for source, imported in self.modules.hidden:
            self.report.add(
                "PKU757",
                f'"{source.file}" is not imported: "{source.module}" is "{imported.file}".',
                Location(source.file, 1),
                hint="Rename one of them.",
                related=[Location(imported.file, 1)],
            )

    def report_unreadable(self, modules: Iterable[Module]) -> None:
        """Reports files with syntax errors; the scan goes on without them."""
        for module in modules:
            error = module.facts["error"]
            if error is not None:
                self.report.lose(module.facts["lost"])
                self.report.add(
                    "PKU701",
                    f'"{module.source.file}" cannot be read: {error[1]}.',
                    Location(module.source.file, error[0]),
                    hint="Mend the file; nothing in it was scanned.",
                )

    def project(self, rpc: RpcNames) -> Project:
        """Everything that was linked, sorted."""
        wirings, declarations = self.wirings.unique()
        files = dict(sorted(self.modules.files().items()))
        return Project(
            functions=dict(sorted(self.functions.models.items())),
            services=dict(sorted(self.services.models.items())),
            callables=dict(sorted(self.callables.models.items())),
            wirings=tuple(wirings),
            declarations=tuple(declarations),
            addons=dict(sorted(self.addons.items())),
            session=self.services.session,
            rpc_names=dict(sorted(rpc.names.items())),
            modules=files,
            imports=ImportGraph(self.modules, self.names, files),
            foreign_imports=ForeignImports(self.modules, self.names, files),
            secret_keys=self.uses.definitions.secret_keys,
        )


def renamed_words(modules: Iterable[Module], words: Collection[str]) -> dict[str, Module]:
    """Names that modules give to what declares something, under which other modules may import it."""
    return {
        name: module
        for module in modules
        for name, bindings in module.facts["bindings"].items()
        if name not in words
        for binding in bindings
        if renames(binding, words)
    }


def _short(call: tuple[str, Node]) -> str:
    """The name of what is called, where it is core's."""
    target = call[0]
    return target.rpartition(".")[2] if target.startswith("pikku_core.") else ""
