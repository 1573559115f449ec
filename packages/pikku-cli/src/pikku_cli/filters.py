"""The options of commands that work on a part of a project: one for each filter of a plugin, and `--filter`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import typer

from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.options import GLOBAL_OPTIONS
from pikku_core.plugin import current_command
from pikku_core.plugin.context import set_current_command
from pikku_core.setting_values import names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_core.plugin import Filter

Run = Callable[..., object]

PANEL: Final = "Filters"
PREFIX: Final = "filter_"
PRESETS: Final = f"{PREFIX}presets"


def with_filters(run: Run, filters: Mapping[str, Filter]) -> Run:
    """A command that takes the flags of all filters, and runs with what was given in `current_command().filters`.

    Args:
        filters: By name, as plugins declare them.

    Raises:
        CommandError: The flag of a filter is an option of the command already.
    """
    flags = [form for name in filters for form in (name, f"exclude-{name}")]
    options = {_parameter(flag): flag for flag in flags}

    @wraps(run)
    def filtered(*arguments: Any, **given: Any) -> object:
        patterns = {flag: values_of(given.pop(name), f"--{flag}") for name, flag in options.items()}
        presets = values_of(given.pop(PRESETS), "--filter")
        _put({flag: values for flag, values in patterns.items() if values}, presets)
        return run(*arguments, **given)

    signature = inspect.signature(run, eval_str=True)
    _refuse_taken(flags, signature)
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in _annotations(filters).items()
    ]
    # Typer reads the options of a command from its signature.
    cast("Any", filtered).__signature__ = signature.replace(
        parameters=[*signature.parameters.values(), *added]
    )
    return filtered


def _refuse_taken(flags: Sequence[str], signature: inspect.Signature) -> None:
    taken = {"--filter", *GLOBAL_OPTIONS}
    for parameter in signature.parameters.values():
        said = (getattr(one, "param_decls", None) for one in _metadata(parameter))
        taken.update(next(filter(None, said), (f"--{parameter.name.replace('_', '-')}",)))
    for flag in flags:
        if f"--{flag}" in taken:
            raise CommandError(
                f'A plugin declares a filter with the flag "--{flag}", which is an option of this command: "pikku plugins" lists '
                'the plugins, and "--disable-plugin" turns one off.',
                ExitCode.PLUGINS,
            )


def _metadata(parameter: inspect.Parameter) -> Sequence[Any]:
    return getattr(parameter.annotation, "__metadata__", ())


def _put(patterns: Mapping[str, tuple[str, ...]], presets: Sequence[str]) -> None:
    context = current_command()
    if presets:
        from pikku_core.select import with_presets

        patterns = with_presets(patterns, presets, context.settings)
    set_current_command(replace(context, filters=patterns))


def _annotations(filters: Mapping[str, Filter]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, declared in filters.items():
        metavar = "|".join(declared.choices) or "PATTERN"
        found[_parameter(name)] = _option(name, metavar, declared.help)
        excludes = f"What is left out: see --{name}."
        found[_parameter(f"exclude-{name}")] = _option(f"exclude-{name}", metavar, excludes)
    found[PRESETS] = _option("filter", "PRESET", 'A preset of "tool.pikku.filters".')
    return found


def _option(flag: str, metavar: str, help: str) -> Any:
    option = typer.Option(f"--{flag}", metavar=metavar, help=help, rich_help_panel=PANEL)
    return Annotated[list[str] | None, option]


def _parameter(flag: str) -> str:
    """The name of the parameter for a flag, which none of the command's own has."""
    return PREFIX + flag.replace("-", "_")


def values_of(given: Sequence[str] | None, option: str) -> tuple[str, ...]:
    """What was given, each time and between commas."""
    found: list[str] = []
    for text in given or ():
        values = names(text)
        if not values:
            raise CommandError(f'The option "{option}" needs a value.', ExitCode.USAGE)
        found += values
    return tuple(dict.fromkeys(found))
