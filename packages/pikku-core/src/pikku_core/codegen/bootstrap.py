"""`pikku_bootstrap_gen.py`: which generated modules there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.codegen import functions, rpc, services, wirings
from pikku_core.codegen.module import render_module
from pikku_core.plugin.declarations import GeneratedFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.plugin.model import Project

PATH: Final = "pikku_bootstrap_gen.py"


def render_bootstrap(project: Project, paths: Iterable[str]) -> GeneratedFile:
    """The modules of the kinds and those of core, by relative name."""
    kinds = {
        module.kind: dotted(module.path)
        for module in wirings.kind_modules(project)
        if module.kind not in wirings.CORE_PATHS
    }
    core = {
        "functions": functions.PATH,
        "services": services.PATH,
        "rpc": rpc.PATH,
        "shared": wirings.SHARED_PATH,
        **wirings.CORE_PATHS,
    }
    written = set(paths)
    modules = {name: dotted(core[name]) for name in sorted(core) if core[name] in written}
    content = render_module(
        docstring="What there is to load, by module names relative to this package.",
        literals=[("KINDS", "dict[str, str]", kinds), ("MODULES", "dict[str, str]", modules)],
    )
    return GeneratedFile(path=PATH, content=content)


def dotted(path: str) -> str:
    """The module name of a generated file, relative to the package of all of them."""
    return path.removesuffix(".py").replace("/", ".")
