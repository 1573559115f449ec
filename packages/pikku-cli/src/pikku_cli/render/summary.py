"""What a run of `pikku` found and wrote, in two lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import typer

from pikku_cli.render.diagnostics import plural

if TYPE_CHECKING:
    from pikku_core.build import BuildResult
    from pikku_core.plugin import Project
    from pikku_core.settings import Settings


def show_summary(result: BuildResult, settings: Settings, seconds: float) -> None:
    """Prints what the project has, and what became of its generated files."""
    typer.echo(f"Found {contents(result.project)}.")
    unchanged = len(result.files) - len(set(result.written) & {file.path for file in result.files})
    typer.echo(
        f"{settings.out}: {len(result.written)} written, {unchanged} unchanged, "
        f"{len(result.removed)} removed in {seconds:.2f} s."
    )


def contents(project: Project) -> str:
    """`12 functions, 19 http, 5 services`."""
    kinds = Counter(wiring.kind for wiring in project.wirings)
    parts = [plural(len(project.functions), "function")]
    parts += [f"{number} {kind}" for kind, number in sorted(kinds.items())]
    parts.append(plural(len(project.services), "service"))
    return ", ".join(parts)
