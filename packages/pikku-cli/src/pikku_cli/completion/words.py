"""What can follow the words of a command line that is being written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from typer.core import TyperArgument, TyperGroup, TyperOption

from pikku_cli.completion.values import beginning_with, filter_values, plugin_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Candidate(NamedTuple):
    """A word that can come next, with what it means; empty where the word says it."""

    word: str
    help: str = ""


@dataclass(slots=True)
class Reading:
    """How far a command line has been read.

    Attributes:
        command: What the words have led to so far.
        given: The options that were given.
        arguments: How many arguments of the command were given.
        waiting: The option that the next word is the value of.
        only_arguments: Whether `--` was given.
    """

    command: Any
    given: set[str]
    arguments: int = 0
    waiting: Any = None
    only_arguments: bool = False


def candidates(tool: TyperGroup, words: Sequence[str]) -> list[Candidate]:
    """What the last of the words can become, sorted as it is listed.

    Args:
        tool: The tool with its commands.
        words: Those after `pikku`; the last one is being written, and may be empty.
    """
    *before, incomplete = words or [""]
    reading = Reading(tool, set())
    for word in before:
        _read(reading, word, tool)
    if reading.waiting is not None:
        return _values(reading, reading.waiting, incomplete.removeprefix("="))
    option, equals, value = incomplete.partition("=")
    known = _options(reading, tool)
    if equals and option in known and not reading.only_arguments:
        found = _values(reading, known[option], value)
        return [Candidate(f"{option}={one.word}", one.help) for one in found]
    if incomplete.startswith("-") and not reading.only_arguments:
        return _options_like(known, incomplete, reading.given)
    if isinstance(reading.command, TyperGroup):
        return [
            Candidate(name, command.get_short_help_str(60))
            for name, command in sorted(reading.command.commands.items())
            if name.startswith(incomplete)
        ]
    arguments = [one for one in reading.command.params if isinstance(one, TyperArgument)]
    if not arguments or (len(arguments) <= reading.arguments and arguments[-1].nargs == 1):
        return []
    return _values(reading, arguments[min(reading.arguments, len(arguments) - 1)], incomplete)


def _read(reading: Reading, word: str, tool: TyperGroup) -> None:
    if reading.waiting is not None:
        if word != "=":  # which bash makes a word of
            reading.waiting = None
        return
    if word == "--":
        reading.only_arguments = True
    elif word.startswith("-") and not reading.only_arguments:
        name, equals, _ = word.partition("=")
        option = _options(reading, tool).get(name)
        reading.given.add(name)
        if option is not None and not option.is_flag and not equals:
            reading.waiting = option
    elif isinstance(reading.command, TyperGroup) and word in reading.command.commands:
        reading.command = _loaded(reading.command.commands[word], word)
    else:
        reading.arguments += 1


def _loaded(command: Any, name: str) -> Any:
    """A command with its own options, which are known when it is imported."""
    if isinstance(command, TyperGroup):
        return command
    return command.make_context(name, [], resilient_parsing=True).command


def _options(reading: Reading, tool: TyperGroup) -> dict[str, Any]:
    """The options that may stand here, by each of their names: the command's, and those of every command."""
    command = reading.command
    if command is tool and "all" in tool.commands:  # which is run where none is named
        command = _loaded(tool.commands["all"], "all")
    own: Iterable[Any] = () if isinstance(command, TyperGroup) else command.params
    return {
        name: option
        for option in (*own, *tool.params)
        if isinstance(option, TyperOption) and (option.name != "version" or reading.command is tool)
        for name in (*option.opts, *option.secondary_opts)
    }


def _options_like(known: dict[str, Any], incomplete: str, given: set[str]) -> list[Candidate]:
    return [
        Candidate(name, (option.help or "").partition("\n")[0])
        for name, option in sorted(known.items())
        if name.startswith(incomplete)
        and name.startswith("--")
        and not option.hidden
        and (option.multiple or not given.intersection(option.opts))
    ]


def _values(reading: Reading, parameter: Any, incomplete: str) -> list[Candidate]:
    flag = max(parameter.opts, key=len).removeprefix("--")
    if flag == "disable-plugin":
        return [Candidate(name) for name in beginning_with(incomplete, plugin_names())]
    if parameter.name.startswith("filter_"):
        return [Candidate(name) for name in beginning_with(incomplete, filter_values(flag))]
    context = reading.command.make_context(None, [], resilient_parsing=True)
    found = parameter.shell_complete(context, incomplete)
    return [Candidate(item.value, item.help or "") for item in found if item.type == "plain"]
