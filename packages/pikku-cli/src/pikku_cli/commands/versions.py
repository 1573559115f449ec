"""`pikku versions`: the contracts that callers rely on, recorded in `versions.pikku.json`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.render.contracts import finding_facts, show_findings
from pikku_cli.render.diagnostics import diagnostic_facts, plural, show_diagnostics
from pikku_cli.render.json_output import show_json
from pikku_cli.render.progress import progress
from pikku_cli.shared_options import Json
from pikku_core.nearest import nearest_name
from pikku_core.plugin import current_command

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pikku_core.contracts import Manifest
    from pikku_core.plugin import Project


def init(
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Record all contracts anew, changed ones too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Record the contracts of all functions in versions.pikku.json, which belongs to the source.

    A file that is there is left alone: `pikku versions update` adds to it.
    """
    from pikku_core.contracts import FILE, gaps, record

    file = current_command().root / FILE
    if file.exists() and not force:
        raise CommandError(
            f'There is a "{FILE}": "pikku versions update" adds to it, "--force" records all anew.'
        )
    project = _project(as_json=as_json)
    if not force and (found := gaps(project)):
        if as_json:
            show_json({"written": False, "findings": finding_facts(found)})
        else:
            show_findings(found)
        raise CommandError("Nothing was recorded: versions are counted one by one.")
    manifest = record(project)
    _write(file, manifest)
    if as_json:
        show_json({"written": True, "functions": sorted(manifest.functions)})
    else:
        typer.echo(f"Recorded {plural(len(manifest.functions), 'function')} in {FILE}.")


def check(*, as_json: Json = False) -> None:
    """Compare the functions' contracts with those that are recorded.

    Says of each that changed which field did, whether that breaks callers, and which wirings rely on it.
    """
    from pikku_core.contracts import check_contracts

    project = _project(as_json=as_json)
    findings = check_contracts(project, current_command().root)
    if as_json:
        show_json({"findings": finding_facts(findings)})
    else:
        show_findings(findings)
    if findings:
        raise CommandError(
            f"The contracts are not as recorded: {plural(len(findings), 'finding')}."
        )
    if not as_json:
        own = sum(not function.addon for function in project.functions.values())
        typer.echo(f"The contracts of {plural(own, 'function')} are as recorded.")


def update(
    *,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept",
            metavar="NAME",
            help="A function or version whose change or end is wanted; repeatable.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Record the contracts of new functions and versions.

    Where a recorded one changed or went, nothing is written, unless `--accept` names it.
    """
    from pikku_core.contracts import FILE
    from pikku_core.contracts import update as updated

    root = current_command().root
    project = _project(as_json=as_json)
    found = updated(project, root, accept=accept or ())
    if found.unknown:
        names = ", ".join(f'"{name}"' for name in found.unknown)
        raise CommandError(
            f"There is no change of {names} to accept.{_unlisted(found.unknown, project)}",
            ExitCode.USAGE,
        )
    changed = bool(found.added or found.accepted) and not found.refused
    if changed:
        _write(root / FILE, found.manifest)
    if as_json:
        facts = {
            "written": changed,
            "added": found.added,
            "accepted": found.accepted,
            "refused": finding_facts(found.refused),
        }
        show_json(facts)
    else:
        show_findings(found.refused)
    if found.refused:
        raise CommandError(f'Nothing was written to "{FILE}".')
    if not as_json:
        for name in found.added:
            typer.echo(f"Added {name}")
        for name in found.accepted:
            typer.echo(f"Accepted {name}")
        if not changed:
            typer.echo("Nothing is new.")


def _project(*, as_json: bool) -> Project:
    """The whole project with its types: no filter holds.

    Raises:
        CommandError: The source has errors.
    """
    from pikku_core.build import build

    context = current_command()
    settings = replace(context.settings, filter=())
    with progress("Reading the source"):
        result = build(settings.root, settings=settings, registry=context.registry, write=False)
    if not result.failed:
        return result.project
    if as_json:
        show_json({"diagnostics": diagnostic_facts(result.diagnostics)})
    else:
        show_diagnostics(result.diagnostics)
    raise CommandError("The source has errors, so its contracts cannot be told.")


def _write(file: Path, manifest: Manifest) -> None:
    from pikku_core.codegen.files import write_atomically

    try:
        write_atomically(file, manifest.text().encode())
    except OSError as error:
        raise CommandError(f'"{file}" cannot be written: {error.strerror}.') from error


def _unlisted(names: Iterable[str], project: Project) -> str:
    """Which of some names no function has, each with the nearest that one has."""
    known = {name for id_, each in project.functions.items() for name in (id_, each.base)}
    said = ""
    for name in names:
        near = nearest_name(name, sorted(known))
        if name not in known:
            hint = f': did you mean "{near}"?' if near else "."
            said += f' There is no function "{name}"{hint}'
    return said
