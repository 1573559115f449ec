"""Recognising that nothing has changed since the last run, so that nothing needs to be rendered again."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from pikku_core.codegen.files import write_atomically
from pikku_core.codegen.schema.cache import environment
from pikku_core.freshness import digest
from pikku_core.plugin.declarations import GeneratedFile
from pikku_core.scan.addons import package_folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pikku_core.freshness import Record
    from pikku_core.plugin.registry import Registry
    from pikku_core.settings import Settings

FILE: Final = "last-run"


def run_key(
    record: Record, root: Path, settings: Settings, registry: Registry, addons: Iterable[str] = ()
) -> str:
    """A hash of everything that generated files are made of.

    These are the source, the settings, all installed distributions, and the code of core, of the plugins and of the
    addons, which may be under development.

    Args:
        addons: The import packages of those that the project uses.
    """
    project_file = root / "pyproject.toml"
    parts = [
        record.text(),
        digest(project_file.read_bytes()) if project_file.is_file() else "",
        repr(settings),
        environment(),
        *_code(registry),
        *(
            part
            for each in addons
            for folder in package_folders(each)
            for part in _modules(str(folder))
        ),
    ]
    return digest("\n".join(parts).encode())


def last_files(
    out: Path, cache: Path, key: str, last: Record | None
) -> tuple[GeneratedFile, ...] | None:
    """The files of the last run where its key is this one's and nobody touched them since; else None."""
    if last is None or not last.files or _read(cache / FILE) != key.encode():
        return None
    files: list[GeneratedFile] = []
    folder = f"{out}{os.sep}"
    for path, known in last.files.items():
        content = _read(folder + path)
        if content is None or digest(content) != known:
            return None
        files.append(GeneratedFile(path=path, content=content.decode()))
    return tuple(files)


def remember(cache: Path, key: str) -> None:
    """Keeps the key of a run that has written everything; a folder that cannot be written is no error."""
    with suppress(OSError):
        write_atomically(cache / FILE, key.encode())


def _code(registry: Registry) -> Iterator[str]:
    """Name, time and size of each module in the packages of core and of all plugins."""
    for package in sorted({"pikku_core", *_packages(registry)}):
        paths: list[str] = list(getattr(sys.modules.get(package), "__path__", ()))
        for folder in paths:
            yield from _modules(folder)


def _packages(registry: Registry) -> Iterator[str]:
    for declarations in (
        registry.filters,
        registry.generators,
        registry.project_checks,
        registry.scan_rules,
        registry.wiring_kinds,
    ):
        for declaration in declarations.values():
            values: list[Any] = [getattr(declaration, each.name) for each in fields(declaration)]
            yield from (
                value.partition(".")[0].partition(":")[0]
                for value in values
                if isinstance(value, str) and ":" in value
            )


def _modules(folder: str) -> Iterator[str]:
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.endswith(".py"):
            state = entry.stat()
            yield f"{entry.path}:{state.st_mtime_ns}:{state.st_size}"
        elif entry.is_dir() and entry.name.isidentifier() and not entry.name.startswith("__"):
            yield from _modules(entry.path)


def _read(path: Path | str) -> bytes | None:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a Path per generated file would cost more than the call
            return file.read()
    except OSError:
        return None
