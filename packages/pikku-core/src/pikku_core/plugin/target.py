"""`"module:attribute"` -> the thing itself, imported when it is needed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikku_core.plugin.declarations import Target


class TargetError(Exception):
    """A target names a module or an attribute that does not exist. What a module raises while it runs is not caught."""


def resolve(target: Target) -> Any:
    """Imports what a target names.

    Raises:
        TargetError: There is no such module or attribute.
    """
    module_name, _, path = target.partition(":")
    try:
        found: Any = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise
        raise TargetError(
            f'"{target}" cannot be imported: there is no module "{error.name}".'
        ) from error
    for name in path.split("."):
        try:
            found = getattr(found, name)
        except AttributeError as error:
            raise TargetError(
                f'"{target}" cannot be imported: "{module_name}" has no "{path}".'
            ) from error
    return found
