"""A scan: list the source, read the facts, link them, check the whole."""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from pikku_core.plugin.diagnostics import Location
from pikku_core.scan.cache import FactStore
from pikku_core.scan.checks import check
from pikku_core.scan.implied import with_implied
from pikku_core.scan.link import Linker
from pikku_core.scan.marks import OPTIONS
from pikku_core.scan.modules import ModuleTable
from pikku_core.scan.report import Report
from pikku_core.sources import MissingSourceError, import_roots, list_sources

if TYPE_CHECKING:
    from collections.abc import Generator
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
    with _without_collector():
        report = Report()
        words = {
            call.rpartition(".")[2] for rule in registry.scan_rules.values() for call in rule.calls
        }
        store = FactStore(cache, sorted({*OPTIONS, *words}))
        modules = ModuleTable(store, import_roots(root, settings.source))
        try:
            modules.add(list_sources(root, settings.source))
        except MissingSourceError as error:
            report.add(
                "PKU756",
                f'The setting "source" names "{error.entry}", which does not exist.',
                Location("pyproject.toml", 1),
                hint="Name folders or modules relative to pyproject.toml.",
            )
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
        return replace(project, diagnostics=report.sorted())


@contextmanager
def _without_collector() -> Generator[None]:
    """Syntax trees are many objects and no cycles: looking for garbage among them costs a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
