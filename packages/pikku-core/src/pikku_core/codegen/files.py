"""Bringing a folder of generated files up to date: what differs is written, what is no longer generated goes."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core.codegen.module import HEADER
from pikku_core.freshness import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_core.plugin.declarations import GeneratedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a run changed on disk; paths as in `GeneratedFile`, sorted."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def foreign_files(
    out: Path, files: Sequence[GeneratedFile], recorded: Mapping[str, str]
) -> list[str]:
    """The paths outside of `out` that hold a file which is neither ours nor what we would write."""
    return [
        file.path
        for file in files
        if file.path.startswith("../")
        and (content := _read(out / file.path)) not in {None, file.content.encode()}
        and not _is_ours(file.path, content, recorded)
    ]


def write_files(
    out: Path, files: Sequence[GeneratedFile], *, recorded: Mapping[str, str] | None = None
) -> Changes:
    """Writes the files that differ, each atomically, and removes those of an earlier run that are no longer generated.

    A file that lies in `out` without our header and is not in `recorded` is a user's and stays.

    Args:
        out: The folder; paths are relative to it.
        recorded: The files of the last run, each with its `digest`.
    """
    recorded = recorded or {}
    written = [
        file.path for file in files if write_atomically(out / file.path, file.content.encode())
    ]
    wanted = {file.path for file in files}
    removed = [
        path
        for path in sorted(_candidates(out) | set(recorded))
        if path not in wanted and _is_ours(path, _read(out / path), recorded)
    ]
    for path in removed:
        _remove(out, out / path)
    return Changes(written=tuple(sorted(written)), removed=tuple(removed))


def write_atomically(path: Path, content: bytes) -> bool:
    """Writes a file that differs, by way of a temporary one beside it; says whether it did."""
    if _read(path) == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # The name tells two processes apart; a file that a killed one of the same number left is written over.
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _forget_compiled(path)
    return True


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _candidates(out: Path) -> set[str]:
    """The Python files and stubs below a folder; hidden folders in it, such as caches, are not ours to tidy."""
    found: set[str] = set()
    for folder, folders, names in os.walk(out):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        found |= {
            (Path(folder) / name).relative_to(out).as_posix()
            for name in names
            if name.endswith((".py", ".pyi"))
        }
    return found


def _is_ours(path: str, content: bytes | None, recorded: Mapping[str, str]) -> bool:
    if content is None:
        return False
    return recorded.get(path) == digest(content) or content.startswith(HEADER.encode())


def _remove(out: Path, path: Path) -> None:
    path.unlink(missing_ok=True)
    _forget_compiled(path)
    folder = path.parent
    with suppress(OSError):
        (folder / "__pycache__").rmdir()
    while folder != out and out in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _forget_compiled(path: Path) -> None:
    # Python takes compiled code for current when the source has the same size and second: two runs in one second.
    if path.suffix == ".py":
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            compiled.unlink(missing_ok=True)
