"""The steps of a run, in order: scan, select, types, checks, generators, files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from pikku_core.build.faults import raised, undeclared
from pikku_core.build.metadata import read_metadata
from pikku_core.build.moved import move_files
from pikku_core.build.outputs import render_all
from pikku_core.build.unchanged import last_files, remember, run_key
from pikku_core.codegen import codes
from pikku_core.codegen.files import foreign_files, write_atomically, write_files
from pikku_core.codegen.schema.resolve import SchemaProcessError, resolve_types
from pikku_core.collector import collector_off
from pikku_core.freshness import FILE, digest, installed, read, record
from pikku_core.plugin.diagnostics import Diagnostic, Severity
from pikku_core.plugin.registry import PluginStatus
from pikku_core.plugin.target import resolve
from pikku_core.scan.scanner import keep_facts, scan
from pikku_core.select import FilterError, effective_filters, select
from pikku_core.select.target import deploy_problems
from pikku_core.sources import import_roots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pikku_core.plugin.declarations import GeneratedFile
    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry
    from pikku_core.select import Filters
    from pikku_core.settings import Settings

CACHE: Final = ".cache"
"""The folder, among the generated files, of what runs keep to be faster; it can be deleted at any time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What a run found and did.

    Attributes:
        project: What the filters left, with types.
        scanned: Everything that was found, without types.
        filters: The filters that held, by flag; empty where nothing was left out.
        files: All generated files; empty where an error kept them from being generated.
        written, removed: The paths that changed on disk, relative to the folder of generated files.
        diagnostics: Of all steps, sorted by place.
    """

    project: Project
    scanned: Project
    filters: Filters = field(default_factory=dict[str, tuple[str, ...]])
    files: tuple[GeneratedFile, ...] = ()
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a diagnostic is an error: then nothing was written."""
        return _has_error(self.diagnostics)


def build(
    root: Path,
    *,
    settings: Settings,
    registry: Registry,
    write: bool = True,
    out: Path | None = None,
    filters: Filters | None = None,
) -> BuildResult:
    """Scans a project, checks it, and brings its generated files up to date.

    Args:
        root: The project's folder.
        write: False reports without touching a generated file.
        out: Another folder for the generated files.
        filters: Which part of it is generated, patterns by flag: `{"tags": ("admin",)}`. Where there are none, the
            setting `filter` holds.

    Raises:
        FilterError: A flag or value is unknown, or nothing is left.
    """
    with collector_off():
        return _build(
            root.resolve(), settings, registry, write=write, out=out, filters=filters or {}
        )


def _build(
    root: Path,
    settings: Settings,
    registry: Registry,
    *,
    write: bool,
    out: Path | None,
    filters: Filters,
) -> BuildResult:
    out = settings.out_path.resolve() if out is None else out.resolve()
    cache = _cache_folder(out)
    # Before anything is read: what is changed meanwhile is then known to be newer than the generated files.
    chosen = effective_filters(filters, settings)
    given = any(filters.values())
    inputs = record(root, settings.source, filters=chosen, filters_given=given)
    scanned = scan(root, settings, registry, cache=cache)
    project = _selected(scanned, chosen, settings, registry)
    project = replace(project, settings=settings.plugins, metadata=read_metadata(root))
    project, diagnostics = _with_types(project, root, settings, registry, cache)
    keep_facts(scanned)
    diagnostics += run_checks(project, registry)
    result = BuildResult(
        project=project, scanned=scanned, filters=chosen, diagnostics=_sorted(diagnostics)
    )
    if result.failed:
        return result
    last = read(out)
    inputs = replace(inputs, versions=installed(_versions(project, registry)))
    addons = sorted(each.package for each in scanned.addons.values())
    key = run_key(inputs, root, settings, registry, addons)
    unchanged = last_files(out, cache, key, last)
    if unchanged is not None:
        return replace(result, files=unchanged)
    outputs = render_all(project, registry)
    moved = move_files(outputs.files, settings.outputs, root=root, out=out)
    recorded: Mapping[str, str] = {} if last is None else last.files
    diagnostics += [*outputs.diagnostics, *moved.diagnostics]
    diagnostics += [_foreign(path) for path in foreign_files(out, moved.files, recorded)]
    result = replace(result, diagnostics=_sorted(diagnostics))
    if result.failed:
        return result
    result = replace(result, files=moved.files)
    if not write:
        return result
    digests = {file.path: digest(file.content.encode()) for file in moved.files}
    try:
        changes = write_files(out, moved.files, recorded=recorded)
        # Last of all: a run that is interrupted leaves files that count as stale.
        is_new = write_atomically(out / FILE, replace(inputs, files=digests).text().encode())
    except OSError as error:
        return replace(result, diagnostics=_sorted([*diagnostics, _unwritable(error, out)]))
    remember(cache, key)
    return replace(
        result, written=(*changes.written, *([FILE] if is_new else [])), removed=changes.removed
    )


def _selected(
    scanned: Project, filters: Filters, settings: Settings, registry: Registry
) -> Project:
    """What filters leave, with what is wrong about where it is deployed."""
    problems = deploy_problems(scanned, settings, registry)
    whole = replace(scanned, diagnostics=(*scanned.diagnostics, *problems))
    try:
        return select(whole, filters, registry=registry, settings=settings)
    except FilterError:
        if not _has_error(whole.diagnostics):
            raise
        return whole  # What was asked for may stand where the source cannot be read.


def run_checks(project: Project, registry: Registry) -> list[Diagnostic]:
    """What the project checks of all plugins report, by name of the check."""
    diagnostics: list[Diagnostic] = []
    for check in registry.project_checks.values():
        owner = str(registry.provider(check))
        try:
            found: list[Diagnostic] = list(resolve(check.check)(project))
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            diagnostics.append(raised(f'check "{check.name}"', owner, error))
            continue
        diagnostics += [
            one if one.code in registry.diagnostic_codes else undeclared(check.name, owner, one)
            for one in found
        ]
    return diagnostics


def _with_types(
    project: Project, root: Path, settings: Settings, registry: Registry, cache: Path
) -> tuple[Project, list[Diagnostic]]:
    diagnostics = list(project.diagnostics)
    try:
        resolved = resolve_types(
            project,
            root=root,
            paths=import_roots(root, settings.source),
            cache=cache,
            adapters=[each.adapter for each in registry.schema_adapters.values()],
        )
    except SchemaProcessError as error:
        diagnostics.append(
            Diagnostic(
                code=codes.SCHEMA_PROCESS.code,
                message=f"The process that imports the data types {error}.",
                hint="Keep data types in modules that only define them.",
            )
        )
        return project, diagnostics
    return replace(project, types=resolved.types), [*diagnostics, *resolved.diagnostics]


def _cache_folder(out: Path) -> Path:
    folder = out / CACHE
    ignore = folder / ".gitignore"
    if not ignore.is_file():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            ignore.write_text("*\n", encoding="utf-8")
        except OSError:
            pass  # A folder that cannot be written keeps nothing; the caches say no more than that either.
    return folder


def _versions(project: Project, registry: Registry) -> dict[str, str]:
    active = (row.provider for row in registry.plugins if row.status is PluginStatus.ACTIVE)
    versions = {provider.distribution: provider.version for provider in active}
    return versions | {addon.distribution: addon.version for addon in project.addons.values()}


def _unwritable(error: OSError, out: Path) -> Diagnostic:
    # A file that is put in the place of another names both.
    file = error.filename2 or error.filename or out
    return Diagnostic(
        code=codes.UNWRITABLE.code,
        message=f'"{os.path.relpath(file, out.parent)}" cannot be written: {error.strerror}.',
        hint="Make the folder writable, or move away what is in its place.",
    )


def _foreign(path: str) -> Diagnostic:
    return Diagnostic(
        code=codes.FOREIGN_FILE.code,
        message=f'"{path}" of the setting "outputs" is a file that is not generated.',
        hint="Move it away, or choose another path.",
    )


def _has_error(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def _sorted(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    def place(diagnostic: Diagnostic) -> tuple[str, int, str, str]:
        where = diagnostic.location
        file, line = (where.file, where.line) if where else ("", 0)
        return file, line, diagnostic.code, diagnostic.message

    return tuple(sorted(dict.fromkeys(diagnostics), key=place))
