"""`pikku`: reads the options of all commands, loads the plugins, runs one command."""

from __future__ import annotations

import errno
import gc
import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from pikku_cli import __version__
from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.group import command_tree, root_group
from pikku_cli.options import GlobalOptions, read_global_options
from pikku_cli.render.json_output import begin_output, show_json_error
from pikku_cli.render.terminal import is_terminal
from pikku_cli.switches import FLAG, SETTING, refuse_missing, refuse_unmatched
from pikku_cli.tool import CommandTool
from pikku_cli.usage import sentence
from pikku_core.plugin.context import (
    CommandContext,
    current_command,
    set_current_command,
    set_current_tool,
)
from pikku_core.plugin.loader import FoundPlugin, Selection, load_plugins
from pikku_core.plugin.registry import Provider
from pikku_core.setting_variables import unknown_variables
from pikku_core.settings import SettingsError, find_root, read_raw

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from typer.core import TyperGroup

    from pikku_core.plugin import Command
    from pikku_core.plugin.registry import Registry
    from pikku_core.settings import RawSettings

DIAGNOSING: Final = frozenset(
    {
        "pikku_cli.commands.completion:completion",
        "pikku_cli.commands.doctor:doctor",
        "pikku_cli.commands.plugins:plugins",
    }
)
"""The commands that run whatever is wrong with plugins; they say it themselves."""

FULL: Final = frozenset({errno.EDQUOT, errno.EFBIG, errno.ENOSPC})


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command that the arguments name and ends the process; see `ExitCode`.

    Args:
        arguments: Without the program's name. Default: those of the process.
    """
    given = sys.argv[1:] if arguments is None else arguments
    begin_output()
    try:
        with reported(given):
            options = read_global_options(given)
            if options.version:
                typer.echo(f"pikku {__version__}")
            else:
                _run(options)
    finally:
        if arguments is None:
            gc.freeze()  # The process ends: looking for garbage in all that is left would take a tenth of its time.
    sys.exit(ExitCode.OK)


@contextmanager
def reported(arguments: Sequence[str] = ()) -> Generator[None]:
    """Ends the process with a sentence for what a person did wrong; everything else keeps its traceback.

    Args:
        arguments: The command line: where it asks for JSON, the sentence is printed as that too.
    """
    try:
        yield
    except CommandError as error:
        _fail(error, error.code, arguments)
    except SettingsError as error:
        _fail(error, ExitCode.USAGE, arguments)
    except OSError as error:
        if error.errno not in FULL or error.filename is not None:
            raise
        failure = CommandError(f"The output cannot be written: {error.strerror}.")
        _fail(failure, failure.code, arguments)


def prepare(options: GlobalOptions) -> CommandContext:
    """Loads the settings as far as they say which plugins there are, then the plugins.

    Raises:
        CommandError: An option names a plugin that is not there.
    """
    raw: RawSettings | None = None
    fault = ""
    start = options.project or Path.cwd()
    try:
        raw = read_raw(find_root(start))
    except SettingsError as error:
        fault = str(error)  # for the commands that need a project
    selection = Selection(
        only=frozenset() if options.no_plugins else Selection.from_environment().only,
        disabled=frozenset((*options.disabled, *(raw.disabled if raw else ()))),
    )
    provider = Provider(distribution="pikku-cli", plugin="cli", version=__version__)
    own = FoundPlugin(provider=provider, load=_own_plugin, essential=True)
    registry = load_plugins(selection, essential=[own])
    refuse_unmatched(options.disabled, registry, FLAG)
    context = CommandContext(registry=registry, raw=raw, fault=fault, start=start)
    set_current_command(context)
    set_current_tool(CommandTool())
    return context


def command_line(registry: Registry, *, rich: bool = False) -> TyperGroup:
    """The tool with the commands of all plugins, as Typer parses and describes it.

    Args:
        rich: Whether help is laid out for a terminal.
    """
    group = root_group(_shown_options, rich=rich, missing=_missing(registry))
    return command_tree(registry, group, _guard, rich=rich)


def _run(options: GlobalOptions) -> None:
    _write_whatever_comes()
    tool = command_line(prepare(options).registry, rich=is_terminal(sys.stdout))
    try:
        code = tool.main(list(options.arguments), prog_name="pikku", standalone_mode=False)
    except typer.TyperException as error:
        raise CommandError(sentence(error), error.exit_code) from error
    except typer.Abort as error:
        raise CommandError("Nothing was answered, so nothing was done.") from error
    if sys.stdout is not None:  # it is closed where it was when the process began
        sys.stdout.flush()
    sys.exit(code)


def _write_whatever_comes() -> None:
    """Lets standard output spell out, as standard error does, what its encoding does not have."""
    reconfigure = getattr(
        sys.stdout, "reconfigure", None
    )  # of what a test or a host put there, or where it is closed
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


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


def _guard(command: Command) -> None:
    """Keeps a command that writes from running without a plugin that is installed: routes would be missing."""
    context = current_command()
    if command.target in DIAGNOSING:
        return
    registry = context.registry
    if context.raw is not None:
        refuse_unmatched(context.raw.disabled, registry, SETTING)
    refuse_missing(registry)
    if command.writes and registry.failures:
        raise CommandError("\n".join(map(str, registry.failures)), ExitCode.PLUGINS)
    for failure in registry.failures:
        typer.echo(f"Warning: {failure}", err=True)
    for unknown in unknown_variables(os.environ, registry):
        if unknown.near:  # others may be the project's own: "pikku doctor" knows
            typer.echo(f"Warning: {unknown}", err=True)


def _missing(registry: Registry) -> str:
    """Whose commands may be missing."""
    names = ", ".join(f'"{failure.provider.plugin}"' for failure in registry.failures)
    return (
        f' Plugins that failed, and with them their commands: {names}; see "pikku plugins".'
        if names
        else ""
    )


def _fail(error: Exception, code: int, arguments: Sequence[str]) -> NoReturn:
    with suppress(OSError):  # what cannot be written may be the error itself
        show_json_error(error, arguments)
    for line in str(error).splitlines():
        typer.echo(f"Error: {line}", err=True)
    sys.exit(code)
