"""`pikku info`: what a project is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.render.diagnostics import show_diagnostics
from pikku_cli.render.json_output import show_json
from pikku_cli.render.progress import progress
from pikku_cli.render.summary import contents
from pikku_cli.render.views import FIRST, View, show_view, view_facts
from pikku_cli.shared_options import Json
from pikku_core.plugin import Severity, current_command

if TYPE_CHECKING:
    from pikku_core.plugin import CommandContext, Project


def info(
    view: Annotated[
        View | None, typer.Argument(help="What to show. Default: functions, wirings and services.")
    ] = None,
    *,
    why: Annotated[
        str | None,
        typer.Option(
            "--why",
            metavar="NAME",
            help="Say why something is generated or left out, and what it brings with it.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what the project is made of, who uses what, and who can reach what.

    "permissions" says for each wiring and exposed function which gates hold: whether a session is needed, whether a
    read-only one passes, the scopes, and the permissions of every level.

    The source is read, nothing is imported or written. Where it has errors, what could be read is shown all the same.
    """
    context = current_command()
    if why is not None:
        if view is not None:
            raise CommandError(f'"--why" explains one thing: leave "{view}" out.', ExitCode.USAGE)
        _explain(why, context, as_json=as_json)
        return
    project = _read(context)
    views = list(View) if view is None and as_json else [view] if view else FIRST
    found = {one: view_facts(one, project, context.registry) for one in views}
    if as_json:
        show_json(found)
    else:
        if view is None:
            typer.echo(f"Found {contents(project)}.")
        for one in views:
            show_view(one, found[one])
        show_diagnostics(project.diagnostics)
    _refuse_errors(project)


def _explain(name: str, context: CommandContext, *, as_json: bool) -> None:
    from pikku_cli.render.why import explanation_facts, show_explanation
    from pikku_core.scan import scan
    from pikku_core.select import why

    settings, registry = context.settings, context.registry
    with progress("Reading the source"):
        project = scan(settings.root, settings, registry)
        found = why(project, name, context.filters, registry=registry, settings=settings)
    if as_json:
        show_json(explanation_facts(found))
    else:
        for explanation in found:
            show_explanation(explanation)
    _refuse_errors(project)


def _read(context: CommandContext) -> Project:
    """The part of the project that the filters leave."""
    from pikku_core.scan import scan
    from pikku_core.select import select

    settings, registry = context.settings, context.registry
    with progress("Reading the source"):
        project = scan(settings.root, settings, registry)
        return select(project, context.filters, registry=registry, settings=settings)


def _refuse_errors(project: Project) -> None:
    if any(diagnostic.severity is Severity.ERROR for diagnostic in project.diagnostics):
        raise CommandError("The source has errors, so something may be missing here.")
