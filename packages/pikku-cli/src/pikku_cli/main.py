"""`pikku`: reads the options of all commands, loads the plugins, runs one command."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from pikku_cli import __version__
from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.group import command_tree, root_group
from pikku_cli.options import GlobalOptions, read_global_options
from pikku_core.plugin.context import CommandContext, set_current_command
from pikku_core.plugin.loader import FoundPlugin, Selection, load_plugins
from pikku_core.plugin.registry import PluginStatus, Provider
from pikku_core.settings import SettingsError, find_root, read_raw

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from typer.core import TyperGroup

    from pikku_core.plugin import Command
    from pikku_core.plugin.registry import Registry
    from pikku_core.settings import RawSettings

PLUGINS_TARGET: Final = "pikku_cli.commands.plugins:plugins"
"""The command that lists broken plugins itself."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command that the arguments name and ends the process; see `ExitCode`.

    Args:
        arguments: Without the program's name. Default: those of the process.
    """
    with reported():
        options = read_global_options(sys.argv[1:] if arguments is None else arguments)
        if options.version:
            typer.echo(f"pikku {__version__}")
        else:
            _run(options)
    sys.exit(ExitCode.OK)


@contextmanager
def reported() -> Generator[None]:
    """Ends the process with a sentence for what a person did wrong; everything else keeps its traceback."""
    try:
        yield
    except CommandError as error:
        _fail(str(error), error.code)
    except SettingsError as error:
        _fail(str(error), ExitCode.USAGE)


def prepare(options: GlobalOptions) -> CommandContext:
    """Loads the settings as far as they say which plugins there are, then the plugins.

    Raises:
        CommandError: An option names a plugin that is not there.
    """
    raw: RawSettings | None = None
    fault = ""
    try:
        raw = read_raw(find_root(options.project or Path.cwd()))
    except SettingsError as error:
        fault = str(error)  # for the commands that need a project
    selection = Selection(
        only=frozenset() if options.no_plugins else Selection.from_environment().only,
        disabled=frozenset((*options.disabled, *(raw.disabled if raw else ()))),
    )
    provider = Provider(distribution="pikku-cli", plugin="cli", version=__version__)
    own = FoundPlugin(provider=provider, load=_own_plugin, essential=True)
    registry = load_plugins(selection, essential=[own])
    _refuse_unknown(options.disabled, registry)
    context = CommandContext(registry=registry, raw=raw, fault=fault)
    set_current_command(context)
    return context


def command_line(registry: Registry, *, rich: bool = False) -> TyperGroup:
    """The tool with the commands of all plugins, as Typer parses and describes it.

    Args:
        rich: Whether help is laid out for a terminal.
    """
    group = root_group(_shown_options, rich=rich, missing=_missing(registry))
    return command_tree(registry, group, partial(_guard, registry), rich=rich)


def _run(options: GlobalOptions) -> None:
    tool = command_line(prepare(options).registry, rich=sys.stdout.isatty())
    tool(list(options.arguments), prog_name="pikku")


def _shown_options(
    project: Annotated[
        Path | None,
        typer.Option("--project", metavar="DIR", help="The project's folder, or one below it."),
    ] = None,
    disable_plugin: Annotated[
        list[str] | None,
        typer.Option(
            "--disable-plugin",
            metavar="NAME",
            help="Leave a plugin out, by its name or its distribution's.",
        ),
    ] = None,
    no_plugins: Annotated[
        bool, typer.Option("--no-plugins", help="Leave all installed plugins out.")
    ] = False,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """Typed Python functions that run on any transport.

    Without a command: all. These options may also stand after the command.
    """


def _own_plugin() -> object:
    from pikku_cli import plugin

    return plugin


def _refuse_unknown(disabled: Sequence[str], registry: Registry) -> None:
    """Refuses to turn off what is not there, or what the tool itself is made of."""
    from difflib import get_close_matches

    rows = {name: row for row in registry.plugins for name in row.provider.names}
    for name in disabled:
        if name not in rows:
            near = get_close_matches(name, list(rows), n=1)
            hint = f'did you mean "{near[0]}"?' if near else '"pikku plugins" lists them.'
            raise CommandError(f'There is no plugin "{name}" to disable: {hint}', ExitCode.USAGE)
        if rows[name].status is not PluginStatus.DISABLED:
            raise CommandError(
                f'The plugin "{name}" is part of the tool and cannot be disabled.', ExitCode.USAGE
            )


def _guard(registry: Registry, command: Command) -> None:
    """Keeps a command that writes from running without a plugin that is installed: routes would be missing."""
    if not registry.failures or command.target == PLUGINS_TARGET:
        return
    if command.writes:
        raise CommandError("\n".join(map(str, registry.failures)), ExitCode.PLUGINS)
    for failure in registry.failures:
        typer.echo(f"Warning: {failure}", err=True)


def _missing(registry: Registry) -> str:
    """Whose commands may be missing."""
    names = ", ".join(f'"{failure.provider.plugin}"' for failure in registry.failures)
    return (
        f' Plugins that failed, and with them their commands: {names}; see "pikku plugins".'
        if names
        else ""
    )


def _fail(message: str, code: int) -> NoReturn:
    for line in message.splitlines():
        typer.echo(f"Error: {line}", err=True)
    sys.exit(code)
