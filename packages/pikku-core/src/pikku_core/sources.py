"""Which files a project's source is made of, and how their modules are called."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NEVER_SOURCE: Final = frozenset({"__pycache__", "node_modules", "site-packages", "test", "tests"})
_NOT_BESIDE_THE_PROJECT_FILE: Final = frozenset(
    {"benchmarks", "build", "dist", "docs", "env", "examples", "scripts", "venv"}
)
"""Folders that are something else there; inside a package they are packages like any other."""

_NOT_MODULES: Final = frozenset({"conftest.py", "noxfile.py", "setup.py"})
_NOT_OURS: Final = frozenset({"pikku_bootstrap_gen.py", "pyvenv.cfg"})
"""What a folder of generated files and a virtual environment have."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One module's file.

    Attributes:
        module: Its dotted name.
        file: As diagnostics show it: POSIX, relative to the project's root (an addon's: to its distribution's).
        path: Where to open it.
        changed_ns: When it last changed, in ns: the later of `st_mtime`, which tools set back, and `st_ctime`.
        size: In bytes. Both are as the file system had them when the source was listed.
    """

    module: str
    file: str
    path: str
    is_package: bool
    changed_ns: int
    size: int


class MissingSourceError(Exception):
    """An entry of the setting `source` names neither a folder nor a module."""

    def __init__(self, entry: str) -> None:
        super().__init__(entry)
        self.entry = entry


def import_roots(root: Path, source: Sequence[str]) -> list[str]:
    """The folders that the project's absolute imports start from: `src` where it is used, then the root itself."""
    inner = root / "src"
    if (source and any(Path(entry).parts[:1] == ("src",) for entry in source)) or (
        not source and inner.is_dir()
    ):
        return [str(inner), str(root)]
    return [str(root)]


def add_import_roots(root: Path, source: Sequence[str]) -> list[str]:
    """Lets Python find the project's modules, before those that are installed.

    Returns:
        The folders that were not on the import path.
    """
    added = [folder for folder in import_roots(root, source) if folder not in sys.path]
    sys.path[:0] = added
    return added


def list_sources(root: Path, source: Sequence[str]) -> list[SourceFile]:
    """Lists a project's modules, sorted by name; two files of one module follow each other, the imported one first.

    Tests (`tests/`, `test_*.py`, `*_test.py`), hidden folders, virtual environments and generated files are left out at
    every depth, so that what tests declare is not taken for the project's; `docs`, `build` and the like beside
    `pyproject.toml`.

    Args:
        source: Folders or files relative to the root, `src/app` or `app`. Default (empty): everything under `src`, or
            the packages and modules beside `pyproject.toml` where there is no `src`.

    Raises:
        MissingSourceError: An entry of `source` does not exist.
    """
    found: dict[str, SourceFile] = {}
    base = str(root.absolute())
    if not source:
        start = import_roots(Path(base), source)[0]
        found = {listed.path: listed for listed in _walk(start, "", base)}
    for entry in source:
        for listed in _entry(Path(base), entry):
            found.setdefault(listed.path, listed)
    return sorted(found.values(), key=lambda listed: listed.module)


def list_package(folder: Path, package: str, base: Path) -> list[SourceFile]:
    """Lists the modules of one package, such as an installed addon's."""
    return sorted(_walk(str(folder), package, str(base)), key=lambda found: found.module)


def source_file(path: str, module: str, file: str) -> SourceFile | None:
    """The file of one module, or None where there is none at `path`."""
    try:
        state = os.stat(path)  # noqa: PTH116 - a Path per module would cost more than the call
    except OSError:
        return None
    is_package = path.endswith(f"{os.sep}__init__.py")
    return SourceFile(module, file, path, is_package, _changed_ns(state), state.st_size)


def is_module(name: str) -> bool:
    """Whether a file of this name may be a module of the source: `orders.py` may, `test_orders.py` may not."""
    stem = name[:-3]
    if not stem.isidentifier() or name in _NOT_MODULES:
        return False
    return not (stem.startswith("test_") or stem.endswith("_test"))


def why_left_out(file: Path) -> str:
    """Why a file is none of a project's source: a sentence without its end.

    Args:
        file: Relative to the project's root.
    """
    for depth, folder in enumerate(file.parts[:-1]):
        beside = depth == 0 and folder in _NOT_BESIDE_THE_PROJECT_FILE
        if beside or folder in _NEVER_SOURCE or not folder.isidentifier():
            return f'the folder "{folder}" is left out'
    if not is_module(file.name):
        return f'"{file.name}" is called like a file of tests or tools'
    return 'the setting "source" does not name it'


def _entry(root: Path, entry: str) -> Iterator[SourceFile]:
    path = root / entry
    parts = list(Path(entry).parts)
    if parts[:1] == ["src"]:
        parts = parts[1:]
    if path.is_dir():
        yield from _walk(str(path), ".".join(part for part in parts if part != "."), str(root))
    elif path.is_file() and path.suffix == ".py":
        module = ".".join([*parts[:-1], path.stem])
        listed = source_file(str(path), module, path.relative_to(root).as_posix())
        if listed is not None:
            yield listed
    else:
        raise MissingSourceError(entry)


def _walk(
    folder: str, package: str, base: str, followed: tuple[str, ...] = ()
) -> Iterator[SourceFile]:
    """All modules below a folder; a package comes before a module of the same name, as Python has it.

    Args:
        followed: Where the links lead that were followed to get here.
    """
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except FileNotFoundError:
        return  # Removed just now.
    if folder != base and any(entry.name in _NOT_OURS for entry in entries):
        return
    prefix = f"{package}." if package else ""
    for entry in entries:
        if _is_source_folder(entry, beside_project_file=folder == base):
            through = followed
            if entry.is_symlink():
                target = os.path.realpath(entry.path)
                if target in followed or _lies_in(os.path.realpath(folder), target):
                    continue  # It would be walked for ever.
                through = (*followed, target)
            yield from _walk(entry.path, prefix + entry.name, base, through)
    for entry in entries:
        name = entry.name
        if not name.endswith(".py") or not is_module(name) or not entry.is_file():
            continue
        is_package = name == "__init__.py"
        module = package if is_package else prefix + name[:-3]
        if module:
            state = entry.stat()
            file = _relative(entry.path, base)
            yield SourceFile(
                module, file, entry.path, is_package, _changed_ns(state), state.st_size
            )


def _changed_ns(state: os.stat_result) -> int:
    return max(state.st_mtime_ns, state.st_ctime_ns)


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip(os.sep)}{os.sep}")


def _relative(path: str, base: str) -> str:
    if os.sep == "/" and base != "/":
        return path[len(base) + 1 :]
    return os.path.relpath(path, base).replace(os.sep, "/")


def _is_source_folder(entry: os.DirEntry[str], *, beside_project_file: bool) -> bool:
    name = entry.name
    if not name.isidentifier() or name in _NEVER_SOURCE:
        return False
    if beside_project_file and name in _NOT_BESIDE_THE_PROJECT_FILE:
        return False
    try:
        return entry.is_dir()
    except OSError:
        return False  # A link to itself.
