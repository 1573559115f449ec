"""Modules: imports that Python would refuse, and packages that load everything at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.scan.unresolved import UnresolvedError

if TYPE_CHECKING:
    from pikku_core.scan.link import Linker
    from pikku_core.scan.modules import Module


def check_modules(linker: Linker) -> None:
    """Reports relative imports beyond the top-level package, and packages whose `__init__` imports modules with functions."""
    modules = linker.modules.parsed()
    for module in modules:
        _check_relative(module, linker)
    declaring = {module.name for module in modules if linker.marks.of(module)}
    for name in sorted({package for module in declaring for package in _packages(module)}):
        package = linker.modules.get(name)
        if package is not None:
            _check_barrel(package, declaring, linker)


def _check_relative(module: Module, linker: Linker) -> None:
    for imported in module.facts["imports"]:
        if not imported["level"]:
            continue
        try:
            linker.names.absolute(module, imported["module"], imported["level"])
        except UnresolvedError as error:
            linker.report.unresolved(error, module.at(imported["line"]))


def _check_barrel(package: Module, declaring: set[str], linker: Linker) -> None:
    loaded: dict[str, int] = {}
    for imported in package.facts["imports"]:
        try:
            target = linker.names.absolute(package, imported["module"], imported["level"])
        except UnresolvedError:
            continue
        for name in (target, *[f"{target}.{name}" for name in imported["names"] or ()]):
            if name in declaring and name != package.name:
                loaded.setdefault(name, imported["line"])
    if loaded:
        count = f"{len(loaded)} modules" if len(loaded) > 1 else f'"{min(loaded)}"'
        linker.report.add(
            "PKU729",
            f'The package "{package.name}" imports {count} with functions or services, so that using one thing in it loads them all.',
            package.at(min(loaded.values())),
            hint="Leave the __init__ empty, and import from the modules themselves.",
        )


def _packages(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]
