"""`pikku check`: what `pikku` would report, without writing; and what only running or a type checker can tell."""

from __future__ import annotations

from typing import Annotated

import typer

from pikku_cli.exits import CommandError
from pikku_cli.generation import generate
from pikku_cli.render.diagnostics import count, show_diagnostics
from pikku_cli.render.json_output import show_json
from pikku_cli.render.summary import check_facts, contents
from pikku_cli.shared_options import Json, Strict
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
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Scan and check the project without writing anything."""
    context = current_command()
    settings, registry = context.settings, context.registry
    result = generate(context, write=False)
    diagnostics = [*result.diagnostics]
    if runtime and not result.failed:
        from pikku_core.build import runtime_differences
        from pikku_core.sources import import_roots

        paths = import_roots(settings.root, settings.source)
        diagnostics += runtime_differences(
            result.scanned, settings.root, registry=registry, paths=paths
        )
    if types and not result.failed:
        from pikku_cli.typecheck import type_errors

        diagnostics += type_errors(result.project, settings, registry)
    if not result.failed:
        from pikku_core.build.exposure import exposed_problems
        from pikku_core.contracts import recorded_problems

        diagnostics += exposed_problems(result.project, registry)
        whole = not result.filters
        diagnostics += recorded_problems(result.project, settings.root, whole=whole)
    if as_json:
        show_json(check_facts(result.project, diagnostics))
    else:
        show_diagnostics(diagnostics)
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(diagnostic.severity in failing for diagnostic in diagnostics):
        raise CommandError(f"The check failed: {count(diagnostics)}.")
    if not as_json:
        typer.echo(f"Checked {contents(result.project)}.")
