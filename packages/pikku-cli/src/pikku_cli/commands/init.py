"""`pikku init`: a folder that has code already, or nothing, becomes a project."""

from __future__ import annotations

from typing import Annotated

import typer

from pikku_cli.exits import CommandError
from pikku_cli.render.json_output import show_json
from pikku_core.plugin import current_command


def init(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written, write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a project of this folder.

    Adds what is missing: the table of Pikku and where type checkers find the generated types to pyproject.toml, and the
    folder of generated files to .gitignore. What is there stays as it is.
    """
    from pikku_cli.scaffold.setup import set_up
    from pikku_core.codegen.files import write_atomically

    root = current_command().start
    setup = set_up(root)
    if not dry_run:
        for name, text in setup.texts.items():
            try:
                write_atomically((root / name).resolve(), text.encode())
            except OSError as error:
                message = f'"{root / name}" cannot be written: {error.strerror}.'
                raise CommandError(message) from error
    if as_json:
        facts = {"written": not dry_run, "added": setup.added, "left": setup.left}
        show_json(facts)
        return
    verb = "Would add" if dry_run else "Added"
    for name, added in setup.added.items():
        typer.echo(f"{verb} {', '.join(added)} to {name}")
    for sentence in setup.left:
        typer.echo(sentence)
    if not setup.added and not setup.left:
        typer.echo("Nothing is missing.")
