"""`pikku info`: what a project is made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from pikku_cli.exits import CommandError
from pikku_cli.render.diagnostics import show_diagnostics
from pikku_cli.render.project import facts
from pikku_cli.render.summary import contents
from pikku_cli.render.table import show_table
from pikku_cli.shared_options import Json
from pikku_core.plugin import Severity, current_command

if TYPE_CHECKING:
    from pikku_cli.render.project import Facts


def info(*, as_json: Json = False) -> None:
    """Show the functions, wirings and services of the project.

    The source is read, nothing is imported or written. Where it has errors, what could be read is shown all the same.
    """
    from pikku_core.scan import scan

    context = current_command()
    settings = context.settings
    project = scan(settings.root, settings, context.registry)
    found = facts(project)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        typer.echo(f"Found {contents(project)}.")
        _show(found)
        show_diagnostics(project.diagnostics)
    if any(diagnostic.severity is Severity.ERROR for diagnostic in project.diagnostics):
        raise CommandError("The source has errors, so something may be missing here.")


def _show(found: Facts) -> None:
    show_table(
        "Functions",
        ["Function", "Place", "Session", "Services", "Tags"],
        [
            [
                one["id"],
                one["place"],
                "session" if one["needs_session"] else "",
                ", ".join(one["services"]),
                ", ".join(one["tags"]),
            ]
            for one in found["functions"]
        ],
    )
    for kind, wirings in found["wirings"].items():
        rows = [
            [one["id"].removeprefix(f"{kind}:"), one["function"], one["place"]] for one in wirings
        ]
        show_table(kind, ["Wiring", "Function", "Place"], rows)
    show_table(
        "Services",
        ["Service", "Scope", "Place", "Used by"],
        [
            [one["id"], one["scope"], one["place"], ", ".join(one["used_by"]) or "nobody"]
            for one in found["services"]
        ],
    )
