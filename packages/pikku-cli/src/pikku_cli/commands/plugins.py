"""`pikku plugins`: what is installed, what became of it, and how to go on without what is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pikku_cli.render.json_output import show_json
from pikku_cli.render.table import show_table
from pikku_cli.shared_options import Json
from pikku_core.plugin import current_command

if TYPE_CHECKING:
    from pikku_core.plugin.registry import PluginRow


def plugins(
    *,
    hooks: Annotated[bool, typer.Option("--hooks", help="Show the hooks of each plugin.")] = False,
    as_json: Json = False,
) -> None:
    """List the installed plugins, broken ones too, and how long each took to load."""
    rows = current_command().registry.plugins
    if as_json:
        show_json([_facts(row) for row in rows])
        return
    headings = [
        "Plugin",
        "Distribution",
        "Version",
        "Status",
        "Import",
        *(["Hooks"] if hooks else []),
    ]
    show_table("Plugins", headings, [_cells(row, hooks=hooks) for row in rows])
    for row in rows:
        if row.failure is not None:
            typer.echo(f"\n{row.failure}")


def _cells(row: PluginRow, *, hooks: bool) -> list[str]:
    provider = row.provider
    took = f"{row.milliseconds:.0f} ms" if row.milliseconds else ""
    cells = [provider.plugin, provider.distribution, provider.version, str(row.status), took]
    return [*cells, " ".join(row.hooks)] if hooks else cells


def _facts(row: PluginRow) -> dict[str, Any]:
    failure = row.failure
    return {
        "name": row.provider.plugin,
        "distribution": row.provider.distribution,
        "version": row.provider.version,
        "status": row.status,
        "milliseconds": round(row.milliseconds, 1),
        "hooks": row.hooks,
        "failure": None
        if failure is None
        else {
            "stage": failure.stage,
            "error": failure.error,
            "switch": failure.switch,
            "traceback": failure.traceback,
        },
    }
