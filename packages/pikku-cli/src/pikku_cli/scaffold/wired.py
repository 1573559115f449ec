"""The functions that there are: the one that a new wiring is for, and the one that a new function would clash with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_cli.exits import CommandError, ExitCode
from pikku_core.nearest import nearest_name

if TYPE_CHECKING:
    from pikku_core.plugin.model import FunctionModel
    from pikku_core.plugin.registry import Registry
    from pikku_core.settings import Settings


def function_named(name: str, settings: Settings, registry: Registry) -> FunctionModel:
    """Finds a function of the project by its identity, or by it without the version: that means the newest.

    The source may have errors: what can be read of it is enough.

    Raises:
        CommandError: There is none.
    """
    own = _functions(settings, registry)
    for wanted in (name, name.replace("-", "_")):
        if wanted in own:
            return own[wanted]
        versions = [function for function in own.values() if function.base == wanted]
        if versions:
            return max(versions, key=lambda function: function.version)
    near = nearest_name(name, own)
    hint = (
        f'did you mean "{near}"?'
        if near
        else f'"pikku new function {name}" writes one that has this name.'
    )
    raise CommandError(f'There is no function "{name}" to be wired: {hint}', ExitCode.USAGE)


def refuse_function(name: str, settings: Settings, registry: Registry) -> None:
    """Refuses the name of a function that the project has already, in whatever module.

    Raises:
        CommandError: It says where that is.
    """
    for function in _functions(settings, registry).values():
        if function.base == name:
            raise CommandError(
                f'Nothing was written: "{function.location}" has a function "{function.id}". '
                "Choose another name."
            )


def _functions(settings: Settings, registry: Registry) -> dict[str, FunctionModel]:
    """The project's own functions by id."""
    from pikku_core.scan import scan

    found = scan(settings.root, settings, registry).functions
    return {function.id: function for function in found.values() if not function.addon}
