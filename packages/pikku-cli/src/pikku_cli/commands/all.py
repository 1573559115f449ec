"""`pikku all`: from source to `.pikku/`."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

import typer

from pikku_cli.exits import CommandError
from pikku_cli.render.diagnostics import show_diagnostics
from pikku_cli.render.summary import show_summary
from pikku_core.plugin import Severity, current_command


def all_(
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False,
) -> None:
    """Scan the project, check it and write the generated files.

    Nothing is written where there is an error. Files that are up to date are left alone.
    """
    from pikku_core.build import build

    context = current_command()
    settings = context.settings
    started = perf_counter()
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    result = build(settings.root, settings=settings, registry=context.registry)
    show_diagnostics(result.diagnostics)
    if result.failed:
        raise CommandError(f'Nothing was written to "{settings.out}".')
    show_summary(result, settings, perf_counter() - started)
    if any(diagnostic.severity in failing for diagnostic in result.diagnostics):
        raise CommandError('There are warnings, and "--strict" makes them errors.')
