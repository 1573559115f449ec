"""What a run of `pikku` found and wrote: two lines, or JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypedDict

import typer

from pikku_cli.render.diagnostics import DiagnosticFacts, diagnostic_facts, plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_core.build import BuildResult
    from pikku_core.plugin import Diagnostic, Project
    from pikku_core.settings import Settings


class ProjectCounts(TypedDict):
    """How much there is in a project; `wirings` by kind."""

    functions: int
    wirings: dict[str, int]
    services: int


class CheckFacts(TypedDict):
    """What a check found."""

    found: ProjectCounts
    diagnostics: list[DiagnosticFacts]


class BuildFacts(CheckFacts):
    """What a run found and did; paths are relative to `out`, which is relative to the project.

    `filters` are those that held, by flag; what is counted is what they left.
    """

    filters: dict[str, list[str]]
    out: str
    written: list[str]
    removed: list[str]
    unchanged: int


def flags(filters: Mapping[str, Sequence[str]]) -> str:
    """Filters as they are given on a command line: `--tags=a,b --exclude-names=x`."""
    return " ".join(f"--{flag}={','.join(values)}" for flag, values in filters.items())


def show_summary(result: BuildResult, settings: Settings, seconds: float) -> None:
    """Prints what the project has, and what became of its generated files."""
    if result.filters:
        typer.echo(f"Found {contents(result.scanned)}.")
        typer.echo(f"Kept {contents(result.project)} with {flags(result.filters)}.")
    else:
        typer.echo(f"Found {contents(result.project)}.")
    typer.echo(
        f"{settings.out}: {len(result.written)} written, {unchanged(result)} unchanged, "
        f"{len(result.removed)} removed in {seconds:.2f} s."
    )


def build_facts(result: BuildResult, settings: Settings) -> BuildFacts:
    """The same for programs."""
    return {
        **check_facts(result.project, result.diagnostics),
        "filters": {flag: list(patterns) for flag, patterns in result.filters.items()},
        "out": settings.out,
        "written": list(result.written),
        "removed": list(result.removed),
        "unchanged": unchanged(result),
    }


def check_facts(project: Project, diagnostics: Sequence[Diagnostic]) -> CheckFacts:
    """What was found, for programs."""
    kinds = Counter(wiring.kind for wiring in project.wirings)
    return {
        "found": {
            "functions": len(project.functions),
            "wirings": dict(sorted(kinds.items())),
            "services": len(project.services),
        },
        "diagnostics": diagnostic_facts(diagnostics),
    }


def contents(project: Project) -> str:
    """`12 functions, 19 http, 5 services`."""
    kinds = Counter(wiring.kind for wiring in project.wirings)
    parts = [plural(len(project.functions), "function")]
    parts += [f"{number} {kind}" for kind, number in sorted(kinds.items())]
    parts.append(plural(len(project.services), "service"))
    return ", ".join(parts)


def unchanged(result: BuildResult) -> int:
    """How many generated files were there already."""
    return len(result.files) - len(set(result.written) & {file.path for file in result.files})
