"""`pikku check`: what `pikku` would report, without writing."""

from __future__ import annotations

from typing import Annotated

import typer

from pikku_cli.exits import CommandError
from pikku_cli.render.diagnostics import count, show_diagnostics
from pikku_cli.render.summary import contents
from pikku_core.plugin import Diagnostic, Severity, current_command


def check(
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False,
) -> None:
    """Scan and check the project without writing anything."""
    from pikku_core.build import build

    context = current_command()
    settings = context.settings
    result = build(settings.root, settings=settings, registry=context.registry, write=False)
    diagnostics: list[Diagnostic] = [*result.diagnostics]
    show_diagnostics(diagnostics)
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(diagnostic.severity in failing for diagnostic in diagnostics):
        raise CommandError(f"The check failed: {count(diagnostics)}.")
    typer.echo(f"Checked {contents(result.project)}.")
