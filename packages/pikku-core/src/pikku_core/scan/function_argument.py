"""An argument that names a function: `wire_http(..., func=create_user)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.scan.report import failure
from pikku_core.scan.unresolved import SAID, UnresolvedError

if TYPE_CHECKING:
    from pikku_core.plugin.diagnostics import Location
    from pikku_core.plugin.expression import Name
    from pikku_core.plugin.model import FunctionModel
    from pikku_core.scan.functions import FunctionLinker
    from pikku_core.scan.names import Names


def find_function(
    functions: FunctionLinker, installed: Names, origin: Name, place: Location
) -> FunctionModel:
    """The function that a name leads to, through re-exports and installed modules.

    Raises:
        DiagnosticError: It leads nowhere or to something else (PKU236), or to a function that is not marked (PKU559).
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
