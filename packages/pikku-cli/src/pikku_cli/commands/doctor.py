"""`pikku doctor`: what keeps the tool or the project from working."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from itertools import chain
from typing import Final

from pikku_cli.doctor.findings import Finding, Level
from pikku_cli.doctor.machine import packages, plugins, python
from pikku_cli.doctor.project import project
from pikku_cli.exits import CommandError
from pikku_cli.render.diagnostics import plural
from pikku_cli.render.json_output import show_json
from pikku_cli.render.progress import progress
from pikku_cli.render.terminal import show, styled
from pikku_cli.shared_options import Json
from pikku_core.plugin import current_command

_COLOURS: Final = {
    Level.OK: "green",
    Level.NOTE: "blue",
    Level.WARNING: "yellow",
    Level.ERROR: "red",
}


def doctor(*, as_json: Json = False) -> None:
    """Look at the interpreter, packages, plugins, settings, generated files, secrets and variables.

    Plugins add checks of their own, such as whether a server answers. It runs whatever is broken, outside a project
    too, writes nothing, and fails if something does not work.
    """
    context = current_command()
    with progress("Looking"):
        found = list(chain(python(), packages(), plugins(context), project(context)))
    if as_json:
        show_json({"findings": [asdict(one) for one in found]})
    else:
        _show(found)
    errors = sum(1 for one in found if one.level is Level.ERROR)
    if errors:
        raise CommandError(f"The doctor found {plural(errors, 'error')}.")


def _show(found: list[Finding]) -> None:
    levels = max(len(one.level) for one in found)
    checks = max(len(one.check) for one in found)
    for one in found:
        level = styled(one.level.ljust(levels), _COLOURS[one.level])
        show(f"{level}  {one.check.ljust(checks)}  {one.message}")
    counted = Counter(one.level for one in found)
    if not counted[Level.ERROR]:
        warnings = counted[Level.WARNING]
        show(f"All works, with {plural(warnings, 'warning')}." if warnings else "All is well.")
