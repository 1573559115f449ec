"""Which files a project's source is made of, and how their modules are called."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NOT_SOURCE: Final = frozenset(
    {
        "__pycache__", "benchmarks", "build", "dist", "docs", "env", "examples", "node_modules",
        "scripts", "site-packages", "test", "tests", "venv",
    }
)  # fmt: skip
_NOT_MODULES: Final = frozenset({"conftest.py", "noxfile.py", "setup.py"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One module's file.

    Attributes:
        module: Its dotted name.
        file: As diagnostics show it: POSIX, relative to the project's root (an addon's: to its distribution's).
        path: Where to open it.
        mtime_ns, size: As the file system had them when the source was listed.
    """

    module: str
    file: str
    path: str
    is_package: bool
    mtime_ns: int
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


def list_sources(root: Path, source: Sequence[str]) -> list[SourceFile]:
    """Lists a project's modules, sorted by name.

    Folders called `tests`, `docs`, `build` and the like, hidden ones and test modules are left out at every depth, so
    that what tests declare is not taken for the project's.

    Args:
        source: Folders or files relative to the root, `src/app` or `app`. Default (empty): everything under `src`, or
            the packages and modules beside `pyproject.toml` where there is no `src`.

    Raises:
        MissingSourceError: An entry of `source` does not exist.
    """
    found: dict[str, SourceFile] = {}
    base = str(root)
    if not source:
        start = import_roots(root, source)[0]
        for listed in _walk(start, "", base):
            found.setdefault(listed.module, listed)
    for entry in source:
        for listed in _entry(root, entry):
            found.setdefault(listed.module, listed)
    return [found[module] for module in sorted(found)]


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
    return SourceFile(module, file, path, is_package, state.st_mtime_ns, state.st_size)


def _entry(root: Path, entry: str) -> Iterator[SourceFile]:
    path = (root / entry).resolve()
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


def _walk(folder: str, package: str, base: str) -> Iterator[SourceFile]:
    """All modules below a folder; a package comes before a module of the same name, as Python has it."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        return
    prefix = f"{package}." if package else ""
    folders = [entry for entry in entries if "." not in entry.name and _is_source_folder(entry)]
    for entry in folders:
        yield from _walk(entry.path, prefix + entry.name, base)
    for entry in entries:
        name = entry.name
        if not name.endswith(".py") or not _is_module(name):
            continue
        is_package = name == "__init__.py"
        module = package if is_package else prefix + name[:-3]
        if module:
            state = entry.stat()
            file = (
                os.path.relpath(entry.path, base) if os.sep != "/" else entry.path[len(base) + 1 :]
            )
            yield SourceFile(
                module,
                file.replace(os.sep, "/"),
                entry.path,
                is_package,
                state.st_mtime_ns,
                state.st_size,
            )


def _is_source_folder(entry: os.DirEntry[str]) -> bool:
    return entry.name.isidentifier() and entry.name not in _NOT_SOURCE and entry.is_dir()


def _is_module(name: str) -> bool:
    stem = name[:-3]
    if not stem.isidentifier() or name in _NOT_MODULES:
        return False
    return not (stem.startswith("test_") or stem.endswith("_test"))
