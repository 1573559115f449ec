"""Every command, option and setting has a row in docs/features.md, and so a test that proves it.

A row names what it is about in code spans: `pikku dev`, `pikku dev --host --port`, `pikku new --json` for an option of every
command of a group, `--project` for one of all commands or of filters, `http.max_body` for a setting.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pikku_cli.main import command_line
from pikku_core.core_settings import CORE_SETTINGS
from pikku_core.plugin.loader import Selection, load_plugins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[2]
PACKAGES = frozenset(folder.name for folder in ROOT.glob("packages/pikku-*"))
REGISTRY = load_plugins(Selection(only=PACKAGES))
FILTERS = {"--filter"} | {
    f"--{form}" for name in REGISTRY.filters for form in (name, f"exclude-{name}")
}
ROWS = [
    [span.split() for span in re.findall(r"`([^`]+)`", row)]
    for row in re.findall(
        r"^\| (.+?) \| .+ \|$", (ROOT / "docs" / "features.md").read_text(), re.MULTILINE
    )
]


def leaves(group: Any, path: tuple[str, ...] = ("pikku",)) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The commands of a group and of the groups in it, each as Typer parses it."""
    for word, command in group.commands.items():
        name = (*path, word)
        if hasattr(command, "commands"):
            yield from leaves(command, name)
        else:
            yield name, command.make_context(word, [], resilient_parsing=True).command


def options(command: Any) -> Iterator[str]:
    """The options of a command in their long form, and its arguments, but for what many commands share."""
    for parameter in command.params:
        long = max(parameter.opts, key=len)
        if not getattr(parameter, "hidden", False) and long != "--help" and long not in FILTERS:
            yield long if long.startswith("-") else long.upper()


def is_there(words: Iterable[str]) -> bool:
    """Whether some row is about a command, or about an option of it or of all commands of its group."""
    *command, last = words
    for row in ROWS:
        # A row may name a command and its option apart: "`pikku versions init` ...; `--force` ...".
        alone = [word for span in row if all(map(is_option, span)) for word in span]
        for span in row:
            named = [word for word in span if not is_option(word)]
            given = [word for word in span if is_option(word)] + alone
            above = len(named) >= min(2, len(command)) and named == command[: len(named)]
            if is_option(last) and last in given and above:
                return True
            if not is_option(last) and named[: len(command) + 1] == [*command, last]:
                return True
    return False


def is_option(word: str) -> bool:
    """Whether a word stands for an option or an argument, not for a command."""
    return word.startswith("-") or word.isupper()


def assert_rows(wanted: Iterable[Iterable[str]]) -> None:
    """Fails with what no row is about, as the code spans that are to be written."""
    missing = sorted(f"`{' '.join(words)}`" for words in wanted if not is_there(words))
    assert not missing, "\n".join(["docs/features.md has no row about:", *missing])


def test_every_command_has_a_row() -> None:
    assert_rows(name for name, _ in leaves(command_line(REGISTRY)))


def test_every_option_of_every_command_has_a_row() -> None:
    commands = leaves(command_line(REGISTRY))
    assert_rows((*name, option) for name, command in commands for option in options(command))


def test_every_option_that_commands_share_has_a_row() -> None:
    shared = {*options(command_line(REGISTRY)), *(FILTERS if REGISTRY.filters else ())}
    assert_rows((option,) for option in shared)


def test_every_setting_has_a_row() -> None:
    wanted = {one.name for one in CORE_SETTINGS} | set(REGISTRY.settings)
    assert_rows((name,) for name in wanted)
