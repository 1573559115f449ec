"""The names of one scope of a generated file: what is imported there, and under which name."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from pikku_core.plugin.expression import Expression, Name, Shared
from pikku_core.plugin.spelling import walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

BUILTINS = Name("builtins", "")


class Scope:
    """Gives every name that some expressions need a local name, and says which imports that takes.

    Two names that are spelled alike in their modules get different local names: the first in the order of modules
    keeps its own, the next becomes `handler_2`.

    Args:
        expressions: All that will be spelled in the scope.
        taken: Names that must not be bound here because something else that is used here has them.
        shared: The expression of a shared value, `limiter_1a2b3c()`, by its module and name.
        given: Names that are there without an import of this scope, and how they are spelled.
    """

    def __init__(
        self,
        expressions: Iterable[Expression | None],
        *,
        taken: Collection[str] = (),
        shared: Mapping[tuple[str, str], str] | None = None,
        given: Mapping[Name, str] | None = None,
    ) -> None:
        self._shared = shared or {}
        self._spelled: dict[Name, str] = dict(given or {})
        self._imports: dict[Name, str] = {}
        names = _names(expressions)
        bound = {*taken, *self._spelled.values()}
        own = {
            name.attribute for name in names if _is_builtin(name) and name.attribute not in bound
        }
        bound |= own
        for name in sorted(
            names - set(self._spelled), key=lambda name: (name.module, name.attribute)
        ):
            if _is_builtin(name):
                if name.attribute not in own:
                    self._bind(BUILTINS, bound)
                    name_of_module = self._spelled[BUILTINS]
                    self._spelled[name] = f"{name_of_module}.{name.attribute}"
                else:
                    self._spelled[name] = name.attribute
            else:
                self._bind(name, bound)

    def __call__(self, name: Name | Shared) -> str:
        """How a name or a shared value is spelled in this scope."""
        if isinstance(name, Shared):
            return self._shared[name.module, name.attribute]
        return self._spelled[name]

    @property
    def bindings(self) -> Mapping[Name, str]:
        """The imported names and their local ones."""
        return self._imports

    @property
    def imports(self) -> list[str]:
        """The import statements, sorted: modules first, then names, one statement per module."""
        modules: list[str] = []
        members: dict[str, list[str]] = {}
        for name, local in sorted(
            self._imports.items(), key=lambda item: (item[0].module, item[0].attribute)
        ):
            if not name.attribute:
                modules.append(_import_module(name.module, local))
            else:
                member = (
                    name.attribute if name.attribute == local else f"{name.attribute} as {local}"
                )
                members.setdefault(name.module, []).append(member)
        return [*modules, *(import_members(module, names) for module, names in members.items())]

    def _bind(self, name: Name, bound: set[str]) -> None:
        if name in self._imports:
            return
        wanted = name.attribute or name.module.rpartition(".")[2]
        local, number = wanted, 2
        while local in bound:
            local, number = f"{wanted}_{number}", number + 1
        bound.add(local)
        self._spelled[name] = self._imports[name] = local


def _names(expressions: Iterable[Expression | None]) -> set[Name]:
    """The names in the expressions; those inside a shared value belong to its own factory."""
    return {
        node
        for expression in expressions
        for node in walk(expression, into_shared=False)
        if isinstance(node, Name)
    }


def _is_builtin(name: Name) -> bool:
    return name.module == "builtins" and hasattr(builtins, name.attribute)


def _import_module(module: str, local: str) -> str:
    return f"import {module}" if module == local else f"import {module} as {local}"


def import_members(module: str, members: Sequence[str]) -> str:
    """A `from` import, over several lines where one would be long."""
    line = f"from {module} import {', '.join(members)}"
    if len(line) <= 80:
        return line
    return "\n".join([f"from {module} import (", *(f"    {member}," for member in members), ")"])
