"""`pikku all`: from source to `.pikku/`."""

from __future__ import annotations

from time import perf_counter

from pikku_cli.exits import CommandError
from pikku_cli.generation import generate
from pikku_cli.render.diagnostics import show_diagnostics
from pikku_cli.render.json_output import show_json
from pikku_cli.render.summary import build_facts, show_summary
from pikku_cli.shared_options import Json, Strict
from pikku_core.plugin import Severity, current_command


def all_(*, strict: Strict = False, as_json: Json = False) -> None:
    """Scan the project, check it and write the generated files.

    Nothing is written where there is an error. Files that are up to date are left alone.
    """
    context = current_command()
    settings = context.settings
    started = perf_counter()
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    result = generate(context)
    if as_json:
        show_json(build_facts(result, settings))
    else:
        show_diagnostics(result.diagnostics)
    if result.failed:
        raise CommandError(f'Nothing was written to "{settings.out}".')
    if not as_json:
        show_summary(result, settings, perf_counter() - started)
    if any(diagnostic.severity in failing for diagnostic in result.diagnostics):
        raise CommandError('There are warnings, and "--strict" makes them errors.')
