"""Which module brings in which at run time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from pikku_core.scan.unresolved import UnresolvedError

if TYPE_CHECKING:
    from pikku_core.scan.facts import ImportFacts
    from pikku_core.scan.modules import Module, ModuleTable
    from pikku_core.scan.names import Names


class ImportGraph(Mapping[str, tuple[str, ...]]):
    """The scanned modules that each scanned module imports at run time, with the parents' `__init__`, sorted.

    A module is read when its imports are asked for: most of a project's modules never are.
    """

    def __init__(self, modules: ModuleTable, names: Names, scanned: Mapping[str, str]) -> None:
        self._modules = modules
        self._names = names
        self._scanned = scanned
        self._known: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, name: str) -> tuple[str, ...]:
        if name not in self._known:
            if name not in self._scanned:
                raise KeyError(name)
            module = self._modules.importing(name)
            self._known[name] = () if module is None else tuple(sorted(self._imports(module)))
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._scanned)

    def __len__(self) -> int:
        return len(self._scanned)

    def keep(self) -> None:
        """Keeps in the cache what was read since the scan."""
        self._modules.store.save()

    def _imports(self, module: Module) -> set[str]:
        found: set[str] = set()
        self._with_parents(module.name.rpartition(".")[0], found)
        for imported in module.facts["imports"]:
            for target in self._targets(module, imported):
                self._with_parents(target, found)
        found.discard(module.name)
        return found

    def _targets(self, module: Module, imported: ImportFacts) -> list[str]:
        target = self._absolute(module, imported)
        submodules = [f"{target}.{name}" for name in imported["names"] or ()]
        return [target, *[name for name in submodules if name in self._scanned]]

    def _absolute(self, module: Module, imported: ImportFacts) -> str:
        """The module that an import names; empty where a relative one goes too far."""
        try:
            return self._names.absolute(module, imported["module"], imported["level"])
        except UnresolvedError:
            return ""

    def _with_parents(self, name: str, found: set[str]) -> None:
        while name:
            if name in self._scanned:
                found.add(name)
            name = name.rpartition(".")[0]


class ForeignImports(ImportGraph):
    """The modules outside the scanned source that each scanned module imports at run time, as they are written, sorted."""

    @cached_property
    def _own(self) -> set[str]:
        """The scanned modules and the packages that they are in, those without an `__init__` included."""
        return {
            name[:end]
            for name in self._scanned
            for end, character in enumerate(f"{name}.")
            if character == "."
        }

    def _imports(self, module: Module) -> set[str]:
        targets = {self._absolute(module, imported) for imported in module.facts["imports"]}
        return targets - self._own - {""}
