"""The modules of a scan: the project's, its addons', and installed ones that a name leads into."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core.plugin.diagnostics import Location
from pikku_core.plugin.expression import Name
from pikku_core.plugin.model import Parameter
from pikku_core.scan.unresolved import said
from pikku_core.sources import SourceFile, source_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pikku_core.scan.cache import FactStore
    from pikku_core.scan.facts import ModuleFacts

EXTERNAL = "<installed>"
"""The owner of a module that belongs neither to the project nor to an addon."""


@dataclass(eq=False, slots=True, kw_only=True)
class Module:
    """A module whose facts are known.

    Attributes:
        owner: "" for the project's, an addon's name, or `EXTERNAL`.
        declares: Whether it has wirings: its values are hoisted, and production never imports it. Set while linking.
        effects: Names that its top-level statements may change, see `ModuleFacts`. Set while linking.
        types: What names in annotations turned out to mean, as far as they were looked up.
        parameters: Those read so far, by what is written: functions of one module ask for the same services.
    """

    name: str
    source: SourceFile
    facts: ModuleFacts
    owner: str = ""
    declares: bool = False
    effects: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    types: dict[str, Name] = field(default_factory=dict[str, Name])
    parameters: dict[object, Parameter] = field(default_factory=dict[object, Parameter])

    @property
    def owner_addon(self) -> str:
        """The name of the addon it belongs to; empty for any other."""
        return "" if self.owner == EXTERNAL else self.owner

    @property
    def is_unreadable(self) -> bool:
        """Whether nothing is known of it, which is reported for a file of the project or an addon."""
        return self.facts["error"] is not None and self.owner != EXTERNAL

    @property
    def package(self) -> str:
        """The package that its relative imports start from."""
        return self.name if self.source.is_package else self.name.rpartition(".")[0]

    def at(self, line: int) -> Location:
        """A line of the module."""
        return Location(self.source.file, line)


class ModuleTable:
    """Modules by dotted name, read when they are asked for.

    Args:
        store: Where facts come from.
        roots: The folders that the project's imports start from; after them, installed modules are looked for where
            Python would. Nothing is imported to find them.
    """

    def __init__(self, store: FactStore, roots: Sequence[str]) -> None:
        self.store = store
        self._roots = list(roots)
        self._sources: dict[str, SourceFile] = {}
        self._owners: dict[str, str] = {}
        self._packages: set[str] = set()
        self._modules: dict[str, Module | None] = {}
        self._installed: dict[str, Module] = {}
        self._located: dict[str, list[Path]] = {}
        self.lost: set[tuple[str, str]] = set()
        """Names of modules that are not there, or lost their decorator, which is reported: see `ImportCheck`."""
        self.hidden: list[tuple[SourceFile, SourceFile]] = []
        """Files that may declare something and that no import reaches, each with the file that has its name."""

    def add(self, sources: Iterable[SourceFile], owner: str = "") -> None:
        """Makes files known; what is not parsed now is parsed on demand. Of two files of one name the first counts."""
        for source in sources:
            known = self._sources.get(source.module)
            if known is not None:
                if self.store.facts(source) is not None:
                    self.hidden.append((source, known))
                continue
            self._sources[source.module] = source
            self._owners[source.module] = owner
            package = source.module.rpartition(".")[0]
            while package and package not in self._packages:
                self._packages.add(package)
                package = package.rpartition(".")[0]

    def parsed(self, owner: str = "") -> list[Module]:
        """The owner's modules that may declare something."""
        found: list[Module] = []
        for name, source in self._sources.items():
            if self._owners[name] == owner and self.store.facts(source) is not None:
                module = self.get(name)
                if module is not None:
                    found.append(module)
        return found

    def read_mentioning(self, names: Sequence[str]) -> None:
        """Reads the modules that were not parsed yet and whose text has one of the names."""
        for module, source in self._sources.items():
            if self.store.facts(source) is None and self.store.mentions(source, names):
                self.get(module)

    def read_again(self, module: Module, words: Sequence[str]) -> None:
        """Reads a module's facts with more words that mark declarations."""
        module.facts = self.store.facts_with(module.source, words)

    def files(self, owner: str = "") -> dict[str, str]:
        """The file of every module of the owner, by dotted name."""
        return {
            name: found.file for name, found in self._sources.items() if self._owners[name] == owner
        }

    def get(self, name: str) -> Module | None:
        """The module of that name if it belongs to the project or an addon."""
        if name in self._modules:
            return self._modules[name]
        source = self._sources.get(name)
        module = None
        if source is not None:
            facts = self.store.demand(source)
            module = Module(name=name, source=source, facts=facts, owner=self._owners[name])
        self._modules[name] = module
        return module

    def importing(self, name: str) -> Module | None:
        """Like `get`, but of a module that nothing was read of the facts are its imports alone."""
        source = self._sources.get(name)
        if source is None or self._modules.get(name) is not None:
            return self._modules.get(name)
        facts = self.store.imports(source)
        return Module(name=name, source=source, facts=facts, owner=self._owners[name])

    def defines_class(self, module: str, name: str) -> bool:
        """Whether an unparsed module is known to define a class; false where only its facts would tell."""
        source = self._sources.get(module)
        return (
            source is not None
            and module not in self._modules
            and self.store.defines_class(source, name)
        )

    def of_project(self, module: Module) -> Path | None:
        """The path of a module's file relative to the project's root, scanned or not; None for an installed one."""
        file, root = Path(module.source.path), Path(self._roots[-1])
        if not file.is_relative_to(root) or "site-packages" in file.parts:
            return None
        return file.relative_to(root)

    def exists(self, name: str) -> bool:
        """Whether the project or an addon has such a module or package, with or without an `__init__`."""
        return name in self._sources or name in self._packages

    def is_unreadable(self, name: str) -> bool:
        """Whether the project or an addon has the module, and it cannot be read."""
        module = self.get(name)
        return module is not None and module.is_unreadable

    def check_lost(self, module: str, name: str, *, types: bool) -> None:
        """Raises `UnresolvedError` for a name in `lost`; one of the project's that lost its decorator is still a type."""
        if (module, name) in self.lost and not (types and self.exists(module)):
            raise said(name)

    def missing(self, name: str) -> bool:
        """Whether a module would belong to a package of the project and there is no file for it of any kind."""
        top, _, rest = name.partition(".")
        if self.exists(name) or not rest or top not in self._packages:
            return False
        bases = [folder.joinpath(*rest.split(".")) for folder in self._locate(top)]
        return not any(base.is_dir() or any(base.parent.glob(f"{base.name}.*")) for base in bases)

    def own_names(self) -> list[str]:
        """The names of all modules and packages of the project and its addons."""
        return sorted(self._sources.keys() | self._packages)

    def submodules(self, name: str) -> list[str]:
        """The names that an installed package has because they are modules in it."""
        top, _, rest = name.partition(".")
        bases = [
            folder.joinpath(*rest.split(".")) if rest else folder for folder in self._locate(top)
        ]
        return sorted({path.name.partition(".")[0] for base in bases for path in base.glob("*")})

    def installed(self, name: str) -> Module | None:
        """The module of that name wherever it is, installed ones included; None if it has no Python source."""
        module = self.get(name) or self._installed.get(name)
        if module is not None or name in self._packages or not name:
            return module
        top, _, rest = name.partition(".")
        for folder in self._locate(top):
            base = folder.joinpath(*rest.split(".")) if rest else folder
            for path in (base / "__init__.py", base.with_name(f"{base.name}.py")):
                file = path.relative_to(folder.parent.parent).as_posix()
                source = source_file(str(path), name, file)
                if source is not None:
                    facts = self.store.demand(source)
                    module = Module(name=name, source=source, facts=facts, owner=EXTERNAL)
                    self._installed[name] = module
                    return module
        return None

    def _locate(self, top: str) -> list[Path]:
        """Where a top-level package or module may lie, without its suffix; finding it executes nothing of it."""
        if top not in self._located:
            folders = [Path(root, top) for root in self._roots]
            try:
                spec = importlib.util.find_spec(top)
            except (ImportError, ValueError):
                spec = None
            if spec is not None and spec.submodule_search_locations is not None:
                folders += map(Path, spec.submodule_search_locations)
            elif spec is not None and spec.origin is not None:
                folders.append(Path(spec.origin).with_suffix(""))
            self._located[top] = folders
        return self._located[top]
