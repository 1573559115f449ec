"""`pikku check`: what `pikku` would report, without writing; and what only running or a type checker can tell."""

from __future__ import annotations

from typing import Annotated

import typer

from pikku_cli.exits import CommandError
from pikku_cli.render.diagnostics import count, show_diagnostics
from pikku_cli.render.summary import contents
from pikku_core.plugin import Severity, current_command


def check(
    *,
    runtime: Annotated[
        bool,
        typer.Option("--runtime", help="Import the wirings too, and compare them with the source."),
    ] = False,
    types: Annotated[
        bool, typer.Option("--types", help="Let mypy or pyright compare what is injected.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False,
) -> None:
    """Scan and check the project without writing anything."""
    from pikku_core.build import build

    context = current_command()
    settings, registry = context.settings, context.registry
    result = build(settings.root, settings=settings, registry=registry, write=False)
    diagnostics = [*result.diagnostics]
    if runtime and not result.failed:
        from pikku_core.build import runtime_differences
        from pikku_core.sources import import_roots

        paths = import_roots(settings.root, settings.source)
        diagnostics += runtime_differences(
            result.project, settings.root, registry=registry, paths=paths
        )
    if types and not result.failed:
        from pikku_cli.typecheck import type_errors

        diagnostics += type_errors(result.project, settings, registry)
    show_diagnostics(diagnostics)
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(diagnostic.severity in failing for diagnostic in diagnostics):
        raise CommandError(f"The check failed: {count(diagnostics)}.")
    typer.echo(f"Checked {contents(result.project)}.")
