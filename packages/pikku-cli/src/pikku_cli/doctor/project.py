"""The project: its settings, its source, what was generated, and what it needs to run."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from pikku_cli.doctor.findings import Finding, error, note, ok, warning
from pikku_cli.exits import CommandError
from pikku_core.plugin.target import resolve
from pikku_core.settings import SettingsError, find_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pikku_core.plugin import CommandContext, Diagnostic, Project
    from pikku_core.settings import Settings


def project(context: CommandContext) -> Iterator[Finding]:
    """All that concerns the project; where its settings cannot be read, only that.

    Raises:
        FilterError: A filter of the command cannot be honoured.
    """
    try:
        find_root(context.start)
    except SettingsError as fault:
        yield warning("settings", str(fault))
        return
    try:
        settings = context.settings
    except SettingsError as fault:
        yield error("settings", str(fault))
        return
    yield ok("settings", f'The project is in "{settings.root}".')
    found = _scanned(context)
    yield from _variables(context, found)
    yield from _source(found)
    yield from _unreached(found)
    stale = _stale(settings)
    yield stale or ok(
        "generated", f'"{settings.out}" is what the source says{_filtered(settings)}.'
    )
    yield from _setup(settings)
    if stale is None:
        yield from _environment(context)
    else:
        yield note("environment", "Secrets and variables are looked at when that is mended.")
    yield from plugin_checks(context, found)


def plugin_checks(context: CommandContext, project: Project) -> Iterator[Finding]:
    """What the checks of the plugins find, by name of the check."""
    for check in context.registry.doctor_checks.values():
        try:
            reported: Iterable[Diagnostic] = resolve(check.check)(project)
            findings = [Finding.of(check.name, one) for one in reported]
        except Exception as fault:  # noqa: BLE001 - a plugin may raise anything
            owner = context.registry.provider(check)
            yield error(
                check.name,
                f'The check "{check.name}" of {owner} raised "{type(fault).__name__}: {fault}": report it.',
            )
            continue
        yield from findings or [ok(check.name, "Nothing is wrong.")]


def _scanned(context: CommandContext) -> Project:
    from pikku_core.scan import scan
    from pikku_core.select import select

    settings, registry = context.settings, context.registry
    found = scan(settings.root, settings, registry)
    return select(found, context.filters, registry=registry, settings=settings)


def _source(found: Project) -> Iterator[Finding]:
    from pikku_cli.render.diagnostics import count
    from pikku_cli.render.summary import contents
    from pikku_core.plugin import Severity

    if any(one.severity is Severity.ERROR for one in found.diagnostics):
        yield error("source", f'It has {count(found.diagnostics)}: "pikku check" shows them.')
    elif found.diagnostics:
        yield warning("source", f'It has {count(found.diagnostics)}: "pikku check" shows them.')
    else:
        yield ok("source", f"{contents(found)}.")


def _variables(context: CommandContext, found: Project) -> Iterator[Finding]:
    """Variables that look like settings and are none."""
    from pikku_core.setting_variables import unknown_variables

    definitions = [each for each in found.declarations if each.kind in {"secrets", "variables"}]
    own = [str(each.meta["key"]) for each in definitions]
    for unknown in unknown_variables(os.environ, context.registry, own):
        yield warning("settings", str(unknown))


def _unreached(found: Project) -> Iterator[Finding]:
    """Functions of the project that only a program or a test can call."""
    reached = {
        *(wiring.function for wiring in found.wirings),
        *(called for each in found.functions.values() for called in each.rpc),
        *(called for each in found.services.values() for called in each.rpc),
        *(called for each in found.callables.values() for called in each.rpc),
    }
    idle = sorted(
        name
        for name, each in found.functions.items()
        if not each.expose and not {name, each.base} & reached and ":" not in name
    )
    if idle:
        listed = ", ".join(f'"{name}"' for name in idle)
        yield note("source", f"Neither wired nor exposed nor called by another function: {listed}.")


def _stale(settings: Settings) -> Finding | None:
    from pikku_cli.server.application import refuse_stale

    try:
        refuse_stale(settings)
    except CommandError as fault:
        return warning("generated", str(fault))
    return None


def _filtered(settings: Settings) -> str:
    """Which filters the generated files are made with, as the end of a sentence."""
    from pikku_cli.render.summary import flags
    from pikku_core.freshness import read

    record = read(settings.out_path)
    return f", with {flags(record.filters)}" if record is not None and record.filters else ""


def _setup(settings: Settings) -> Iterator[Finding]:
    """What `pikku init` would add: where type checkers find the generated types, and that nobody commits them."""
    from pikku_cli.scaffold.setup import IGNORE, set_up

    try:
        setup = set_up(settings.root)
    except CommandError as fault:
        yield warning("setup", str(fault))
        return
    lacking = {
        file: [one for one in added if not one.startswith("tool.pikku")]
        for file, added in setup.added.items()
        if file != IGNORE or not _is_ignored_above(settings)
    }
    for file, added in lacking.items():
        if added:
            listed = ", ".join(f'"{one}"' for one in added)
            yield warning("setup", f'"{file}" lacks {listed}: "pikku init" adds it.')
    for sentence in setup.left:
        yield warning("setup", sentence)
    if not any(lacking.values()) and not setup.left:
        yield ok("setup", "Type checkers find the generated types, and git leaves them alone.")


def _is_ignored_above(settings: Settings) -> bool:
    """Whether a `.gitignore` above the project, in its repository, names the folder of generated files."""
    line = re.compile(rf"^(\*\*/)?{re.escape(settings.out)}/?\s*$", re.MULTILINE)
    return any(line.search(text) for text in _ignores_above(settings.root))


def _ignores_above(root: Path) -> Iterator[str]:
    for folder in root.parents:
        if (folder / ".gitignore").is_file():
            yield (folder / ".gitignore").read_text(encoding="utf-8", errors="replace")
        if (folder / ".git").exists():
            return


def _environment(context: CommandContext) -> Iterator[Finding]:
    from pikku_cli.environment import examine

    try:
        examined = examine(context, ["secrets", "variables"])
    except CommandError as refused:
        yield error("environment", str(refused))
        return
    for fault in examined.faults:
        yield error("environment", fault)
    if not examined.faults:
        needed = sum(1 for one in examined.found if one.record.needed_by)
        yield ok("environment", f"{needed} secrets and variables are needed, and all are there.")
