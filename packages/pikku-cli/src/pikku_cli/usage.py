"""What is wrong with a command line, in one sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import typer

from pikku_cli.options import GLOBAL_OPTIONS
from pikku_core.nearest import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterable

_EXTRA: Final = re.compile(r"unexpected extra argument.* \((?P<given>.*)\)")
_BARE: Final = re.compile(r"Option '(?P<name>[^']*)' requires an argument\.")
_NUMBER: Final = re.compile(r"-\.?[0-9]")
_QUOTED: Final = re.compile(r"'([^']*)'")


def sentence(error: typer.TyperException) -> str:
    """What Typer refused, with the nearest option where one is not known.

    The classes of most of its errors are private, so they are told apart by what they carry.
    """
    context: Any = getattr(error, "ctx", None)
    command = "pikku" if context is None else context.command_path
    if hasattr(error, "possibilities"):
        option: str = getattr(error, "option_name", "")
        return _unknown_option(option, command, _options(context))
    if isinstance(error, typer.BadParameter):
        return _bad_value(error, command)
    if extra := _EXTRA.search(error.message):
        return (
            f'"{command}" has no use for "{extra["given"]}": "{command} --help" says what it takes.'
        )
    if bare := _BARE.fullmatch(error.message):
        return f'The option "{bare["name"]}" needs a value.'
    return _QUOTED.sub(r'"\1"', error.format_message())


def _unknown_option(option: str, command: str, known: list[str]) -> str:
    if _NUMBER.match(option):
        return (
            f'There is no option "{option}" of "{command}". Before a value that begins with "-" stands "--": '
            f'"{command} -- {option}".'
        )
    near = nearest_name(option, [name for name in known if name != option])
    hint = f'Did you mean "{near}"?' if near else f'"{command} --help" lists them.'
    return f'There is no option "{option}" of "{command}". {hint}'


def _options(context: Any) -> list[str]:
    """The options of a command, those of every command included."""
    parameters: Iterable[Any] = () if context is None else context.command.get_params(context)
    own = {name for each in parameters for name in (*each.opts, *each.secondary_opts)}
    return sorted(name for name in own | set(GLOBAL_OPTIONS) if name.startswith("--"))


def _bad_value(error: typer.BadParameter, command: str) -> str:
    parameter: Any = error.param
    name = parameter.opts[0] if parameter is not None else "a value"
    if parameter is not None and parameter.param_type_name == "argument":
        name = parameter.display_name_raw.upper()
    if not error.message:
        return f'"{command}" needs "{name}": "{command} --help" says more.'
    reason = _QUOTED.sub(r'"\1"', error.message.removeprefix("Value error, ")).rstrip(".")
    return f'The value of "{name}" is wrong: {reason[0].lower()}{reason[1:]}.'
