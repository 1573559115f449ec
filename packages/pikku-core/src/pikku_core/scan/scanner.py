"""A scan: list the source, read the facts, link them, check the whole."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pikku_core.collector import collector_off
from pikku_core.nearest import nearest_name
from pikku_core.plugin.diagnostics import Location
from pikku_core.scan.cache import FactStore
from pikku_core.scan.checks import check
from pikku_core.scan.graph import ImportGraph
from pikku_core.scan.implied import with_implied
from pikku_core.scan.link import Linker
from pikku_core.scan.marks import OPTIONS
from pikku_core.scan.modules import ModuleTable
from pikku_core.scan.report import Report
from pikku_core.setting_places import line_of
from pikku_core.setting_values import FILE as SETTINGS
from pikku_core.sources import MissingSourceError, import_roots, list_sources

if TYPE_CHECKING:
    from pathlib import Path

    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry
    from pikku_core.settings import Settings


def scan(
    root: Path, settings: Settings, registry: Registry, *, cache: Path | None = None
) -> Project:
    """Reads a project's source and links what it declares. Nothing of the project is imported or run.

    Args:
        root: The project's folder.
        settings: Its settings; `source` says what is scanned.
        registry: What the plugins declare: the calls to look for and who reads them.
        cache: A folder to keep facts in between scans; None keeps none.

    Returns:
        The project without the types of its data (`Project.types`). What is wrong with the source is in its
        `diagnostics`; what could be read is there all the same.
    """
    root = root.resolve()
    with collector_off():
        report = Report()
        words = {
            call.rpartition(".")[2] for rule in registry.scan_rules.values() for call in rule.calls
        }
        store = FactStore(cache, sorted({*OPTIONS, *words}))
        modules = ModuleTable(store, import_roots(root, settings.source))
        try:
            modules.add(list_sources(root, settings.source))
        except MissingSourceError as error:
            _report_source(error.entry, root, report)
        except OSError as error:
            folder = os.path.relpath(error.filename or root, root)
            report.add(
                "PKU701",
                f'The folder "{folder}" cannot be read: {error.strerror}.',
                None,
                hint="Nothing was scanned; make it readable, or move it out of the source.",
            )
        linker = Linker(modules, registry, report)
        project = with_implied(linker.link(), registry=registry, settings=settings, report=report)
        check(project, linker)
        store.save()
        return replace(project, root=root, diagnostics=report.sorted())


def keep_facts(project: Project) -> None:
    """Keeps in the cache what was read of the source since the scan: `Project.imports` reads what it is asked for."""
    if isinstance(project.imports, ImportGraph):
        project.imports.keep()


def _report_source(entry: str, root: Path, report: Report) -> None:
    """Reports an entry of the setting `source` that names nothing, with what is called nearly so."""
    file, line = root / SETTINGS, 1
    if file.is_file():
        line = line_of(file.read_text(encoding="utf-8"), "tool.pikku.source") or line
    wanted = PurePosixPath(entry)
    folder = root / wanted.parent
    found = [path.name for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    near = nearest_name(wanted.name, sorted(found))
    meant = f'Did you mean "{wanted.parent / near}"? ' if near else ""
    report.add(
        "PKU756",
        f'The setting "source" names "{entry}", which does not exist.',
        Location(SETTINGS, line),
        hint=f"{meant}Name folders or modules relative to {SETTINGS}.",
    )
