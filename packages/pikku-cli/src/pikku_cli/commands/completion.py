"""`pikku completion`: what a shell needs to complete command lines of the tool."""

from __future__ import annotations

from typing import Annotated

import typer

from pikku_cli.completion.scripts import SCRIPTS, Shell, answer, asked
from pikku_core.plugin import current_command


def completion(
    shell: Annotated[Shell, typer.Argument(help="The shell.")],
    words: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
) -> None:
    """Print the script by which a shell completes commands, options and their values.

    bash: eval "$(pikku completion bash)" in ~/.bashrc. zsh: the same with zsh in ~/.zshrc, after compinit. fish:
    pikku completion fish | source in ~/.config/fish/config.fish.
    """
    if words is None:
        typer.echo(SCRIPTS[shell], nl=False)
        return
    from pikku_cli.completion.words import candidates
    from pikku_cli.main import command_line

    given = asked(shell, words)
    found = candidates(command_line(current_command().registry), given)
    for line in answer(shell, given, found):
        typer.echo(line)
