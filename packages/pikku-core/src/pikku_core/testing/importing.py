"""Importing the modules of a project under test."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core.sources import add_import_roots

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from types import ModuleType


@contextmanager
def importable(root: Path, source: Sequence[str] = ()) -> Generator[None]:
    """Lets Python find the modules of a project, as `pikku dev` does.

    Args:
        root: The project's folder.
        source: The setting `source`.
    """
    added = add_import_roots(root, source)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        for folder in added:
            sys.path.remove(folder)


def refuse_foreign(root: Path, modules: Mapping[str, str]) -> None:
    """Refuses to run a project under whose names Python has imported other modules: those would be run in place of its own.

    Args:
        modules: The files of the project's modules, by name, relative to its folder.

    Raises:
        ImportError: One of them was imported from another file.
    """
    for name, file in modules.items():
        imported = getattr(sys.modules.get(name), "__file__", None)
        if imported is not None and Path(imported).resolve() != (root / file).resolve():
            raise ImportError(
                f'"{name}" has been imported from "{imported}", and in this project it is "{root / file}": run the tests of '
                "each project in a process of their own.",
                name=name,
            )


def forget(root: Path) -> None:
    """Takes back the import of every module that lies in a folder, so that another project may have its names."""
    # All of them are found first: a namespace package asks its parent for its path.
    for name in [name for name, module in sys.modules.items() if _lies_in(root, module)]:
        del sys.modules[name]


def _lies_in(root: Path, module: ModuleType) -> bool:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(place is not None and Path(place).is_relative_to(root) for place in places)
