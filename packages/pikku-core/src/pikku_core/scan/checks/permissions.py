"""Permissions: whether each takes the data of the functions that it guards. Of the type checkers only one finds this."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from pikku_core.plugin.expression import Constant, Name, Union
from pikku_core.plugin.model import WiringModel
from pikku_core.plugin.spelling import type_key
from pikku_core.plugin.target import resolve
from pikku_core.scan.unresolved import UnresolvedError

if TYPE_CHECKING:
    from pikku_core.plugin.diagnostics import Location
    from pikku_core.plugin.expression import Expression
    from pikku_core.plugin.model import DeclarationModel, FunctionModel, Project
    from pikku_core.scan.link import Linker

_ANYTHING = frozenset({"typing:Any", "builtins:object"})
_STRUCTURAL = frozenset({"Protocol", "TypedDict"})


def check_permissions(project: Project, linker: Linker) -> None:
    """Reports permissions whose data type can be seen not to accept the data of a function they guard."""
    check = _Check(project, linker)
    for function in project.functions.values():
        check.guards(function.permissions, function, function.location)
    for wiring in project.wirings:
        check.guards(wiring.permissions, project.functions[wiring.function], wiring.location)
    for declaration in project.declarations:
        if declaration.permissions and not isinstance(declaration, WiringModel):
            for function in check.guarded(declaration):
                check.guards(declaration.permissions, function, declaration.location)


class _Check:
    def __init__(self, project: Project, linker: Linker) -> None:
        self.project = project
        self.linker = linker

    def guarded(self, declaration: DeclarationModel) -> list[FunctionModel]:
        """The functions that a declaration guards: all, those of a tag, or those of wirings that its kind says."""
        functions = self.project.functions
        if declaration.kind == "permissions":
            tag = declaration.tag
            return [
                function
                for function in functions.values()
                if not tag or any(_below(one, tag) for one in function.tags)
            ]
        kind = self.linker.registry.wiring_kinds.get(declaration.kind)
        if kind is None or kind.concerns is None:
            return []
        concerns = resolve(kind.concerns)
        wirings = (one for one in self.project.wirings if one.kind == declaration.kind)
        return [functions[one.function] for one in wirings if concerns(declaration, [one])]

    def guards(self, keys: tuple[str, ...], function: FunctionModel, place: Location) -> None:
        for key in keys:
            permission = self.project.callables[key]
            if permission.data is None or self.accepts(key, permission.data, function):
                continue
            given = "no data" if function.data is None else f'"{type_key(function.data)}"'
            self.linker.report.add(
                "PKU727",
                f'The permission "{permission.qualname}" takes "{type_key(permission.data)}", but "{function.id}" takes {given}.',
                place,
                hint="Use a permission for that type, or one that takes no data.",
                related=[permission.location],
            )

    def accepts(self, key: str, wanted: Expression, function: FunctionModel) -> bool:
        """Whether a permission takes a function's data, as far as the source shows; unknown counts as yes."""
        if function.data is None:
            positional = self.linker.callables.marked[key].facts["positional"]
            return any(first["default"] for first in positional) or str(wanted) in _ANYTHING
        targets = _members(wanted)
        return all(
            any(self.is_kind_of(member, target) for target in targets)
            for member in _members(function.data)
        )

    def is_kind_of(self, given: Expression, wanted: Expression) -> bool:
        if given == wanted or str(wanted) in _ANYTHING or str(given) in _ANYTHING:
            return True
        if not isinstance(given, Name) or not isinstance(wanted, Name):
            # `list[User]` and `User` cannot be the same; two generics may be.
            return not (isinstance(given, (Name, Constant)) ^ isinstance(wanted, (Name, Constant)))
        if given.module == wanted.module == "builtins":
            return _is_builtin_kind(given.attribute, wanted.attribute)
        ancestors = self.ancestors(given)
        return wanted in ancestors or self.is_open(wanted, ancestors)

    def is_open(self, wanted: Name, ancestors: set[Name]) -> bool:
        """Whether it cannot be told: the wanted type is structural, no class, or outside of the project as some base is."""
        bases = self.bases(wanted)
        if bases is None:
            outside = wanted.module not in self.project.modules
            return not outside or any(name.module not in self.project.modules for name in ancestors)
        return any(base.attribute in _STRUCTURAL for base in self.ancestors(wanted))

    def ancestors(self, name: Name) -> set[Name]:
        found: set[Name] = set()
        pending = [name]
        while pending:
            current = pending.pop()
            if current not in found:
                found.add(current)
                pending += self.bases(current) or []
        return found

    def bases(self, name: Name) -> list[Name] | None:
        """The bases of a class of the project; None for anything else."""
        module = self.linker.modules.get(name.module)
        if module is None:
            return None
        try:
            binding = self.linker.names.local(module, name.attribute, types=True).binding
        except UnresolvedError:
            return None
        if binding is None or binding[0] != "class":
            return None
        found: list[Name] = []
        for node in binding[3]:
            try:
                base = self.linker.resolver.annotation(module, node)
            except UnresolvedError:
                continue
            found += [
                part for part in (base, getattr(base, "base", None)) if isinstance(part, Name)
            ]
        return found


def _members(expression: Expression) -> list[Expression]:
    if isinstance(expression, Union):
        return [*_members(expression.left), *_members(expression.right)]
    return [expression]


def _is_builtin_kind(given: str, wanted: str) -> bool:
    first, second = getattr(builtins, given, None), getattr(builtins, wanted, None)
    return isinstance(first, type) and isinstance(second, type) and issubclass(first, second)


def _below(tag: str, of: str) -> bool:
    return tag == of or tag.startswith(f"{of}:")
