"""The options of commands that run a component: how long it has to finish, and how it logs."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, cast

from pikku_cli.server.levels import LogLevel
from pikku_cli.server.log_format import LogFormat
from pikku_cli.shared_options import Grace, Log, LogForm
from pikku_cli.tool import CommandTool
from pikku_core.plugin.context import set_current_tool

Run = Callable[..., object]

OPTIONS: Final[dict[str, tuple[Any, Any]]] = {
    "grace": (Grace, 10.0),
    "log_level": (Log, LogLevel.INFO),
    "log_format": (LogForm, LogFormat.TEXT),
}
"""By parameter, its annotation and its default."""


def with_serving(run: Run) -> Run:
    """A command that takes the options of `pikku serve` which concern any component, and runs with a tool that honours them."""

    @wraps(run)
    def serving(*arguments: Any, **given: Any) -> object:
        set_current_tool(CommandTool(**{name: given.pop(name) for name in OPTIONS}))
        return run(*arguments, **given)

    signature = inspect.signature(run, eval_str=True)
    added = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
        )
        for name, (annotation, default) in OPTIONS.items()
    ]
    # Typer reads the options of a command from its signature.
    cast("Any", serving).__signature__ = signature.replace(
        parameters=[*signature.parameters.values(), *added]
    )
    return serving
