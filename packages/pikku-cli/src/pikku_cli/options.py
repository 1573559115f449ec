"""The options of every command, which may stand before or after its name.

They are read before anything else: which commands there are depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_cli.exits import CommandError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

HELP = ("--help", "-h")
GLOBAL_OPTIONS = ("--disable-plugin", "--help", "--no-plugins", "--project", "--version")
"""What stands before or after any command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalOptions:
    """What stands on the command line for all commands.

    Attributes:
        arguments: The rest: the command and what is its own.
        project: `--project`: where the project's folder is looked for.
        disabled: `--disable-plugin`, each time it is given.
        no_plugins: `--no-plugins`.
        version: `--version`, before the command.
    """

    arguments: tuple[str, ...]
    project: Path | None = None
    disabled: tuple[str, ...] = ()
    no_plugins: bool = False
    version: bool = False


def read_global_options(arguments: Sequence[str]) -> GlobalOptions:
    """Takes the global options out of a command line; everything from `--` on is left alone.

    Raises:
        CommandError: An option lacks its value, or `--project` is no folder.
    """
    rest: list[str] = []
    disabled: list[str] = []
    project: Path | None = None
    no_plugins = version = False
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if argument == "--":
            rest += [argument, *waiting]
        elif argument == "--no-plugins":
            no_plugins = True
        elif argument == "--version" and not _has_command(rest):
            version = True
        elif name in {"--disable-plugin", "--project"}:
            given = value if equals else next(waiting, "")
            if not given or (not equals and given.startswith("-")):
                raise CommandError(f'The option "{name}" needs a value.', ExitCode.USAGE)
            if name == "--project":
                project = _folder(given)
            else:
                disabled.append(given)
        else:
            rest.append(argument)
    return GlobalOptions(
        arguments=_with_command(rest),
        project=project,
        disabled=tuple(disabled),
        no_plugins=no_plugins,
        version=version,
    )


def _has_command(rest: Sequence[str]) -> bool:
    return any(not argument.startswith("-") for argument in rest)


def _with_command(rest: Sequence[str]) -> tuple[str, ...]:
    """`pikku` and `pikku --strict` mean `pikku all`; `pikku --help` is about the tool."""
    if rest and (not rest[0].startswith("-") or rest[0] in {*HELP, "--"}):
        return tuple(rest)
    return ("all", *rest)


def _folder(given: str) -> Path:
    folder = Path(given)
    if not folder.is_dir():
        raise CommandError(f'There is no folder "{given}": "--project" names one.', ExitCode.USAGE)
    return folder.absolute()
