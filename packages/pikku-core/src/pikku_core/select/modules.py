"""Modules: what importing some of them brings in, and the distributions that it needs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pikku_core.plugin.expression import Name
from pikku_core.plugin.spelling import walk
from pikku_core.select.needs import Thing, ThingKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_core.plugin.expression import Expression
    from pikku_core.plugin.model import Project
    from pikku_core.select.needs import Needs


def modules_of(thing: Thing, project: Project, needs: Needs) -> list[str]:
    """The scanned modules that generated files import for a thing itself, sorted."""
    names: list[Name] = []
    match thing.kind:
        case ThingKind.FUNCTION:
            function = project.functions[thing.id]
            names += [function.origin, *_names(function.data), *_names(function.result)]
        case ThingKind.SERVICE:
            names.append(project.services[thing.id].origin)
        case ThingKind.MIDDLEWARE | ThingKind.PERMISSION:
            names.append(project.callables[thing.id].origin)
        case ThingKind.WIRING | ThingKind.DECLARATION:
            names += _names(needs.declaration(thing).call)
    return sorted({name.module for name in names} & project.modules.keys())


def closure(modules: Iterable[str], imports: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Everything that is imported with some modules, themselves included: each with the one that brings it first.

    Args:
        imports: `Project.imports`, or its reverse.
    """
    found = dict.fromkeys(modules, "")
    pending = list(found)
    for name in pending:
        for imported in imports.get(name, ()):
            if imported not in found:
                found[imported] = name
                pending.append(imported)
    return found


def distributions_of(modules: Iterable[str], project: Project) -> list[str]:
    """The installed distributions that some scanned modules import from, sorted.

    What these require in turn is not among them. Where several share a package, as `google` is shared, all are named.
    """
    from importlib.metadata import packages_distributions

    tops = {
        name.partition(".")[0]
        for module in modules
        for name in project.foreign_imports.get(module, ())
    }
    tops -= sys.stdlib_module_names | {"pikku_app"}
    if not tops:
        return []
    installed = packages_distributions()
    return sorted({name for top in tops for name in installed.get(top) or _called(top)})


def _called(package: str) -> list[str]:
    """The distribution of a package that was installed from a folder, whose files nobody lists: that of its name."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        return [distribution(package).name]
    except PackageNotFoundError:
        return []


def _names(expression: Expression | None) -> list[Name]:
    if expression is None:
        return []
    return [node for node in walk(expression) if isinstance(node, Name)]
