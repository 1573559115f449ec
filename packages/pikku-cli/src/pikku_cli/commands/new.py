"""`pikku new`: code to begin with, from the templates that the tool and the plugins bring."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.render.json_output import show_json
from pikku_cli.scaffold.files import draft, refuse_taken, with_packages, write
from pikku_cli.scaffold.names import check_name, check_package_name
from pikku_cli.scaffold.packages import folder_of
from pikku_core.plugin import Naming, current_command

if TYPE_CHECKING:
    from pikku_cli.scaffold.files import Draft
    from pikku_core.plugin import Template

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be written, write nothing.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Package = Annotated[
    str | None,
    typer.Option("--package", metavar="PACKAGE", help="Where it goes. Default: the only package."),
]


def item(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="Its name: send_welcome, send-welcome or SendWelcome.")
    ],
    *,
    package: Package = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Write what the template has into the project, beside what is there."""
    settings = current_command().settings
    template = _template(context)
    naming = check_name(name)
    if template.name == "service" and naming.snake in current_command().registry.wire_parameters:
        message = f'"{naming.snake}" is what every invocation has: choose another name.'
        raise CommandError(message, ExitCode.USAGE)
    if naming.snake.startswith("test"):
        message = f'pytest would take "{naming.snake}" for a test: choose another name.'
        raise CommandError(message, ExitCode.USAGE)
    into, folder = folder_of(settings, package)
    if template.name == "function":
        from pikku_cli.scaffold.wired import refuse_function

        refuse_function(naming.snake, settings, current_command().registry)
    naming = replace(naming, package=into, folder=folder)
    _write_into_project(template, naming, dry_run=dry_run, as_json=as_json)


def wiring(
    context: typer.Context,
    function: Annotated[str, typer.Argument(help="The function that is to be wired.")],
    *,
    package: Package = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Write a module that lets the transport call a function of the project."""
    from pikku_cli.scaffold.wired import function_named

    command = current_command()
    wired = function_named(function, command.settings, command.registry)
    into, folder = folder_of(command.settings, package)
    naming = Naming(
        name=wired.origin.attribute,
        package=into,
        folder=folder,
        module=wired.origin.module,
        function=wired.origin.attribute,
    )
    _write_into_project(_template(context), naming, dry_run=dry_run, as_json=as_json)


def standalone(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name; its package has it with underscores.")],
    *,
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="Its folder. Default: the name."),
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Write what the template has into a folder of its own."""
    naming = check_package_name(name)
    start = current_command().start
    root = start / (naming.kebab if folder is None else folder)
    if root.exists() and not root.is_dir():
        raise CommandError(f'"{root}" is a file: "--dir" names a folder.', ExitCode.USAGE)
    drafted = _draft(_template(context), naming)
    refuse_taken(drafted, root)
    if not dry_run:
        write(drafted, root)
    shown = root.relative_to(Path.cwd()) if root.is_relative_to(Path.cwd()) else root
    _show(drafted, shown, dry_run=dry_run, as_json=as_json)


def _write_into_project(
    template: Template, naming: Naming, *, dry_run: bool, as_json: bool
) -> None:
    root = current_command().settings.root
    drafted = _draft(template, naming)
    refuse_taken(drafted, root)
    drafted = with_packages(drafted, root, naming.folder)
    if not dry_run:
        write(drafted, root)
    _show(drafted, Path(), dry_run=dry_run, as_json=as_json)


def _draft(template: Template, naming: Naming) -> Draft:
    provider = current_command().registry.provider(template)
    return draft(template, naming, plugin=provider.plugin)


def _template(context: typer.Context) -> Template:
    """The template that the command is named after: `pikku new wiring http` is called with `wiring http`."""
    name = context.command_path.split(" ", 2)[2]
    return current_command().registry.templates[name]


def _show(drafted: Draft, folder: Path, *, dry_run: bool, as_json: bool) -> None:
    paths = [(folder / path).as_posix() for path in drafted]
    if as_json:
        show_json({"written": not dry_run, "files": paths})
        return
    for path in paths:
        typer.echo(f"{'Would write' if dry_run else 'Wrote'} {path}")
