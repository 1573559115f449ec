"""An argument that names a function: `wire_http(..., func=create_user)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.scan.marks import FUNCTIONS
from pikku_core.scan.modules import EXTERNAL
from pikku_core.scan.nodes import dotted_name
from pikku_core.scan.report import failure
from pikku_core.scan.unresolved import SAID, UnresolvedError
from pikku_core.sources import why_left_out

if TYPE_CHECKING:
    from pikku_core.plugin.diagnostics import DiagnosticError, Location
    from pikku_core.plugin.expression import Name
    from pikku_core.plugin.model import FunctionModel
    from pikku_core.scan.functions import FunctionLinker
    from pikku_core.scan.modules import Module, ModuleTable
    from pikku_core.scan.names import Names


def find_function(
    functions: FunctionLinker, installed: Names, origin: Name, place: Location
) -> FunctionModel:
    """The function that a name leads to, through re-exports and installed modules.

    Raises:
        DiagnosticError: It leads nowhere or to something else (PKU236), or to a function that is not marked or not
            scanned (PKU559).
    """
    model = functions.at(origin)
    if model is not None:
        return model
    try:
        found = installed.attribute(origin.module, origin.attribute)
    except UnresolvedError as error:
        code = "PKU236" if error.code != SAID else SAID
        raise failure(code, error.message, place, hint=error.hint) from None
    model = functions.at(found.name)
    if model is not None:
        return model
    if found.module is not None and _is_marked(found.module, found.name.attribute):
        raise _not_scanned(found.module, found.name, installed.modules, place)
    if found.binding is not None and found.binding[0] == "def":
        raise failure(
            "PKU559",
            f'"{origin.attribute}" is not marked with "pikku_func" or "pikku_sessionless_func".',
            place,
            hint="Mark it.",
            related=[] if found.module is None else [found.module.at(found.binding[1])],
        )
    raise failure(
        "PKU236",
        f'"{origin}" is not a function that can be read from the source.',
        place,
        hint="Write a function marked with pikku_func, and name it here.",
    )


def _is_marked(module: Module, name: str) -> bool:
    """Whether a function of a module has a decorator that is called like those of functions."""
    return any(
        dotted_name(node[1] if node[0] == "k" else node).rpartition(".")[2] in FUNCTIONS
        for facts in module.facts["defs"]
        if facts["qualname"] == name
        for node, _ in facts["decorators"]
    )


def _not_scanned(
    module: Module, name: Name, modules: ModuleTable, place: Location
) -> DiagnosticError:
    """The error for a function that is marked, and yet none of the project's."""
    if module.owner != EXTERNAL:  # That it cannot have its name is reported.
        return failure(SAID, f'"{name.attribute}" is lost.', place)
    file = modules.of_project(module)
    if file is None:
        package = name.module.partition(".")[0]
        return failure(
            "PKU559",
            f'"{name.attribute}" is a function of the installed package "{package}", which is not scanned.',
            place,
            hint=f'If it is an addon, declare it: wire_addon(name="…", package="{package}").',
        )
    return failure(
        "PKU559",
        f'"{name.attribute}" is in "{file.as_posix()}", which is not scanned: {why_left_out(file)}.',
        place,
        hint="Move the function into the source of the project.",
    )
