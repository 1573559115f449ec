"""Where a name comes from: through imports, re-exports, aliases and star imports to what defines it."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Final, NamedTuple

from pikku_core.plugin.expression import Name
from pikku_core.scan.bindings import distinct
from pikku_core.scan.facts import CONDITIONAL, FOR_CHECKERS, PLAIN, Binding, Node
from pikku_core.scan.nodes import dotted_name, name_parts
from pikku_core.scan.unresolved import UnresolvedError, rebound, said

if TYPE_CHECKING:
    from pikku_core.scan.modules import Module, ModuleTable

_BUILTINS: Final = frozenset(dir(builtins))


class Found(NamedTuple):
    """What a name leads to.

    Attributes:
        name: Where it is defined; the attribute is empty for a module.
        module: The module that defines it, where its source is known; None for a module.
        binding: How it is bound there; None where it is bound more than once or under a condition, and for a module.
    """

    name: Name
    module: Module | None = None
    binding: Binding | None = None

    @property
    def is_module(self) -> bool:
        """Whether the name is a module's."""
        return not self.name.attribute


class Names:
    """Looks names up as Python would at import time, without importing anything.

    Args:
        modules: Where modules come from.
        into_installed: Whether to look into installed packages too; else a name of one is taken as it is written.
    """

    def __init__(self, modules: ModuleTable, *, into_installed: bool = False) -> None:
        self.modules = modules
        self._into_installed = into_installed
        self._known: dict[tuple[str, str, bool], Found | UnresolvedError] = {}
        self._attributes: dict[tuple[str, str, bool], Found | UnresolvedError] = {}
        self._open: set[tuple[str, str]] = set()

    def local(self, module: Module, name: str, *, types: bool = False) -> Found:
        """What a name means inside a module.

        Args:
            types: Whether it stands in an annotation: what only a type checker sees counts, and a name that is bound
                under a condition stands for itself.

        Raises:
            UnresolvedError: The name is not bound, not bound exactly once, or leads nowhere.
        """
        key = (module.name, name, types)
        known = self._known.get(key)
        if known is None:
            written = module.facts["bindings"].get(name, [])
            try:
                if len(written) == 1 and not module.facts["stars"]:
                    known = self._follow(module, name, written[0], types=types)
                else:
                    known = self._local(module, name, written, types=types)
            except UnresolvedError as error:
                known = error
            self._known[key] = known
        if isinstance(known, UnresolvedError):
            raise known
        return known

    def dotted(self, module: Module, node: Node, *, types: bool = False) -> tuple[Found, list[str]]:
        """What `a.b.c` leads to, and the attributes that are left once a module's own name is reached."""
        if node[0] == "n":
            return self.local(module, node[1], types=types), []
        first, *rest = name_parts(node)
        found = self.local(module, first, types=types)
        while rest and found.is_module:
            found = self._step(module, found.name.module, rest, types=types)
        return found, rest

    def _step(self, reader: Module, package: str, rest: list[str], *, types: bool) -> Found:
        attribute = rest.pop(0)
        if self._knows(package):
            return self.attribute(package, attribute, types=types)
        # An installed package: what the module imports by its full name is a module, anything else an attribute.
        longer = f"{package}.{attribute}"
        imported = any(
            found["module"] == longer or found["module"].startswith(f"{longer}.")
            for found in reader.facts["imports"]
            if found["names"] is None
        )
        return Found(Name(longer, "")) if imported and rest else Found(Name(package, attribute))

    def attribute(self, module_name: str, name: str, *, types: bool = False) -> Found:
        """What `from module import name` gives.

        Raises:
            UnresolvedError: The module has no such name.
        """
        key = (module_name, name, types)
        known = self._attributes.get(key)
        if known is None:
            try:
                known = self._attribute(module_name, name, types=types)
            except UnresolvedError as error:
                known = error
            self._attributes[key] = known
        if isinstance(known, UnresolvedError):
            raise known
        return known

    def _attribute(self, module_name: str, name: str, *, types: bool) -> Found:
        self.modules.check_lost(module_name, name, types=types)
        if not self._knows(module_name) or (
            types and self.modules.defines_class(module_name, name)
        ):
            return Found(Name(module_name, name))
        module = self._module(module_name)
        submodule = f"{module_name}.{name}"
        if module is not None:
            if module.is_unreadable:
                raise said(name)
            opening = (module_name, name)
            if opening in self._open:
                raise UnresolvedError(
                    "PKU712",
                    f'"{name}" of "{module_name}" is imported in a circle.',
                    "Import it from the module that defines it.",
                )
            self._open.add(opening)
            try:
                found = self._exported(module, name, types=types)
            finally:
                self._open.discard(opening)
            if found is not None:
                return found
        if self._knows(submodule):
            return Found(Name(submodule, ""))
        raise UnresolvedError(
            "PKU712",
            f'"{module_name}" has no name "{name}".',
            "Import it from where it is defined.",
        )

    def absolute(self, module: Module, written: str, level: int) -> str:
        """The dotted name of an imported module.

        Raises:
            UnresolvedError: A relative import goes beyond the top-level package, as Python would say too.
        """
        if not level:
            return written
        parts = module.package.split(".") if module.package else []
        if level > len(parts):
            raise UnresolvedError(
                "PKU714",
                f'The relative import "{"." * level}{written}" goes beyond the top-level package.',
                "Use an absolute import.",
            )
        base = ".".join(parts[: len(parts) - level + 1])
        return f"{base}.{written}" if written else base

    def _knows(self, name: str) -> bool:
        if self.modules.exists(name):
            return True
        return self._into_installed and self.modules.installed(name) is not None

    def _module(self, name: str) -> Module | None:
        return self.modules.installed(name) if self._into_installed else self.modules.get(name)

    def _local(self, module: Module, name: str, written: list[Binding], *, types: bool) -> Found:
        """What a name means that is bound by several statements, by none, or perhaps by a star import."""
        bindings = distinct(written)
        starred = self._starred(module, name, types=types)
        if len(bindings) > 1:
            # `if TYPE_CHECKING: from x import T` with a stand-in under `else`: each has its reader.
            seen = [found for found in bindings if (found[2] == FOR_CHECKERS) == types]
            bindings = (seen[:1] if types else seen) or bindings
        if (
            len(bindings) == 1
            and starred
            and bindings[0][0] == "import"
            and bindings[0][2] == PLAIN
        ):
            own = self._follow(module, name, bindings[0], types=types)
            starred = [found for found in starred if found.name != own.name]
        if len(bindings) + len(starred) > 1:
            if types:
                return Found(Name(module.name, name), module)
            raise rebound(name, bindings, [found.name.module for found in starred])
        if bindings:
            return self._follow(module, name, bindings[0], types=types)
        if starred or name in _BUILTINS:
            return starred[0] if starred else Found(Name("builtins", name))
        targets = [self.absolute(module, *star[:2]) for star in module.facts["stars"]]
        if any(map(self.modules.is_unreadable, targets)):
            raise said(name)
        raise UnresolvedError(
            "PKU712",
            f'The name "{name}" is not bound in this module.',
            "Import or define it at the top level.",
        )

    def _exported(self, module: Module, name: str, *, types: bool) -> Found | None:
        """What another module gets under the name; None if nothing is bound there."""
        bindings = distinct(module.facts["bindings"].get(name, []))
        starred = self._starred(module, name, types=types)
        if not bindings and not starred:
            return None
        types = types or "__getattr__" in module.facts["bindings"]  # imported on use (PEP 562)
        if not types and {found[2] for found in bindings} == {FOR_CHECKERS}:
            raise UnresolvedError(
                "PKU713",
                f'"{module.name}" imports "{name}" for type checkers only, so it is not there at run time.',
                "Import it from where it is defined.",
            )
        if len(bindings) + len(starred) > 1 or (bindings and bindings[0][2] == CONDITIONAL):
            return Found(Name(module.name, name), module)
        return self._follow(module, name, bindings[0], types=types) if bindings else starred[0]

    def _follow(self, module: Module, name: str, binding: Binding, *, types: bool) -> Found:
        tag, condition = binding[0], binding[2]
        if condition == FOR_CHECKERS and not types:
            raise UnresolvedError(
                "PKU713",
                f'"{name}" is imported for type checkers only, so it is not there at run time.',
                "Import it at the top level, outside `if TYPE_CHECKING`.",
            )
        if (condition == CONDITIONAL or tag == "?") and not types:
            raise rebound(name, [binding], [])
        if tag == "import":
            _, _, _, written, attribute, level = binding
            target = self.absolute(module, written, level) if level else written
            if attribute:
                return self.attribute(target, attribute, types=types)
            return Found(Name(target, ""))
        self.modules.check_lost(module.name, name, types=types)
        here = Name(module.name, name)
        if tag == "=" and condition == PLAIN and dotted_name(binding[3]):
            return self._alias(module, here, binding, types=types)
        return Found(here, module, binding if condition != CONDITIONAL and tag != "?" else None)

    def _alias(self, module: Module, here: Name, binding: Binding, *, types: bool) -> Found:
        opening = (module.name, f"={here.attribute}")
        if opening in self._open:
            raise UnresolvedError(
                "PKU710",
                f'"{here.attribute}" is assigned to itself.',
                "Give it a value of its own.",
            )
        self._open.add(opening)
        try:
            found, rest = self.dotted(module, binding[3], types=types)
        finally:
            self._open.discard(opening)
        return Found(here, module, binding) if rest else found

    def _starred(self, module: Module, name: str, *, types: bool) -> list[Found]:
        """What star imports supply under the name, one entry per different thing."""
        if not module.facts["stars"]:
            return []
        found: list[Found] = []
        for written, level, _, condition in module.facts["stars"]:
            if condition == FOR_CHECKERS and not types:
                continue
            target = self.modules.installed(self.absolute(module, written, level))
            if target is None or (target.name, f"*{name}") in self._open:
                continue
            self._open.add((target.name, f"*{name}"))
            try:
                supplied = self._supplied(target, name, types=types)
            finally:
                self._open.discard((target.name, f"*{name}"))
            if supplied is not None and all(other.name != supplied.name for other in found):
                found.append(supplied)
        return found

    def _supplied(self, module: Module, name: str, *, types: bool) -> Found | None:
        exports = module.facts["exports"]
        if (exports is None and name.startswith("_")) or (
            exports is not None and name not in exports
        ):
            return None
        if self.modules.get(module.name) is None and not self._into_installed:
            bound = name in module.facts["bindings"] or self._exported(module, name, types=types)
            return Found(Name(module.name, name)) if bound else None
        return self._exported(module, name, types=types)
