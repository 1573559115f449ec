"""Everything that `.pikku/` shall hold, as text."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pikku_core.codegen.bootstrap import render_bootstrap
from pikku_core.codegen.functions import render_functions
from pikku_core.codegen.meta import render_meta
from pikku_core.codegen.module import header
from pikku_core.codegen.rpc import render_rpc
from pikku_core.codegen.schema.files import render_schemas
from pikku_core.codegen.services import render_services
from pikku_core.codegen.stubs import NO_EXPORTS, render_stubs
from pikku_core.codegen.wirings import render_wirings
from pikku_core.plugin.declarations import GeneratedFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_core.plugin.model import Project

GENERATOR = "pikku-core"


def render_core(project: Project, exports: Mapping[str, str] = NO_EXPORTS) -> list[GeneratedFile]:
    """The files that core writes for every project, with their headers.

    Args:
        exports: What generators add to the names of `pikku_app`; see `Generator.exports`.
    """
    files = [
        render_functions(project),
        render_services(project),
        *render_wirings(project),
        render_rpc(project),
        *render_schemas(project),
        *render_meta(project),
        *render_stubs(project, exports),
    ]
    files.append(render_bootstrap(project, [file.path for file in files]))
    return with_header(files, GENERATOR)


def with_header(files: Iterable[GeneratedFile], generator: str) -> list[GeneratedFile]:
    """The files, Python ones with the header that names their generator."""
    return [
        GeneratedFile(path=file.path, content=header(generator) + file.content)
        if file.path.endswith((".py", ".pyi"))
        else file
        for file in files
    ]


def package_files(paths: Iterable[str]) -> list[GeneratedFile]:
    """The `__init__` files that the folders of some modules and stubs lack."""
    present = set(paths)
    wanted: set[str] = set()
    for path in map(PurePosixPath, sorted(present)):
        if path.suffix in {".py", ".pyi"}:
            # "types" is where a type checker's search begins, not a package.
            folders = [folder for folder in path.parents if folder.as_posix() != "types"]
            if path.suffix == ".pyi":
                folders = [folder for folder in folders if folder.parts]
            wanted |= {(folder / f"__init__{path.suffix}").as_posix() for folder in folders}
    return with_header(
        [GeneratedFile(path=path, content="") for path in sorted(wanted - present)], GENERATOR
    )
