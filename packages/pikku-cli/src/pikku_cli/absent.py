"""Options that are not given."""

from __future__ import annotations

from functools import partial
from typing import Any

from typer.core import TyperCommand, TyperGroup


class _Lean:
    """A command that asks Typer only for the values of options that are given.

    Typer reads values with pydantic, and makes it ready for those too that nobody gave: that would be a sixth of the time
    of a run in which nothing has changed.
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters of the command."""
        commanded: Any = super()
        parameters: list[Any] = commanded.get_params(ctx)
        for parameter in parameters:
            if not parameter.required and "process_value" not in vars(parameter):
                parameter.process_value = partial(_processed, parameter, parameter.process_value)
        return parameters


class LeanCommand(_Lean, TyperCommand):
    """A command of Typer's."""


class LeanGroup(_Lean, TyperGroup):
    """A group of Typer's."""


def _processed(parameter: Any, process: Any, context: Any, value: Any) -> Any:
    """What Typer makes of a value; of none it makes nothing, without pydantic too."""
    if value is not None:
        return process(context, value)
    nothing = () if parameter.multiple or parameter.nargs == -1 else None
    if parameter.callback is None:
        return nothing
    return parameter.callback(context, parameter, nothing)
