"""Commands are listed without being imported, and imported when they run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.group import command_tree, root_group
from pikku_core.plugin import Command, WiringKind
from pikku_core.plugin.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMMANDS = '''
import typer

def ping(name: str, *, times: int = 1) -> None:
    """Send a ping.

    Args:
        name: For readers of the code.
    """
    typer.echo(f"ping {name} {times}")
'''


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme_commands.py").write_text(COMMANDS)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "acme_commands", raising=False)


def allow(_: Command) -> None:
    """A guard that lets everything through."""


def run(*arguments: str, guard: Callable[[Command], None] = allow, missing: str = "") -> None:
    """Runs a tool with three commands."""
    commands = {
        name: Command(name=name, help=f"About {name}.", target=target)
        for name, target in {
            "line lost": "acme_nowhere:lost",
            "line ping": "acme_commands:ping",
            "start": "acme_commands:ping",
        }.items()
    }
    kinds = {"line": WiringKind(name="line", title="the line protocol")}
    registry = Registry(commands=commands, wiring_kinds=kinds)
    group = root_group(lambda: None, rich=False, missing=missing)
    tool: Any = command_tree(registry, group, guard, rich=False)
    tool(list(arguments), prog_name="pikku")


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("acme")
def test_help_lists_commands_and_groups_and_imports_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = output(capsys, "--help")
    assert "start  About start." in text
    assert "line   Commands of the line protocol." in text
    assert "acme_commands" not in sys.modules


@pytest.mark.usefixtures("acme")
def test_the_help_of_a_group_lists_its_commands_and_imports_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = output(capsys, "line", "--help")
    assert "ping  About line ping." in text
    assert "acme_commands" not in sys.modules


def test_a_group_without_a_command_lists_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("line")
    assert ended.value.code == ExitCode.USAGE
    assert "ping  About line ping." in capsys.readouterr().out


@pytest.mark.usefixtures("acme")
def test_a_command_runs_with_its_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "line", "ping", "Ada", "--times", "3") == "ping Ada 3\n"


@pytest.mark.usefixtures("acme")
def test_the_help_of_a_command_is_its_docstring_for_users(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = output(capsys, "line", "ping", "--help")
    assert "Send a ping." in text
    assert "readers of the code" not in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["strat"], 'There is no command "pikku strat". Did you mean "start"?'),
        (["line", "pin"], 'There is no command "pikku line pin". Did you mean "ping"?'),
        (["zzz"], 'There is no command "pikku zzz". The commands are "line", "start".'),
    ],
)
def test_an_unknown_command_is_met_with_the_nearest(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    assert str(caught.value) == words
    assert caught.value.code is ExitCode.USAGE


def test_an_unknown_command_may_belong_to_a_plugin_that_failed() -> None:
    with pytest.raises(CommandError, match="Plugins that failed"):
        run("zzz", missing=" Plugins that failed.")


def test_a_command_whose_target_is_missing_is_named() -> None:
    with pytest.raises(CommandError, match='"line lost" cannot run: "acme_nowhere:lost"'):
        run("line", "lost")


@pytest.mark.usefixtures("acme")
def test_the_guard_is_asked_before_a_command_runs_and_not_for_its_help(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(command: Command) -> None:
        raise CommandError(f"not {command.name}")

    with pytest.raises(CommandError, match="not line ping"):
        run("line", "ping", "Ada", guard=refuse)
    with pytest.raises(SystemExit):
        run("line", "ping", "--help", guard=refuse)
    assert "Send a ping." in capsys.readouterr().out
