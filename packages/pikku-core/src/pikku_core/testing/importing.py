"""Importing the modules of a project under test."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core.sources import import_roots

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from types import ModuleType


@contextmanager
def importable(root: Path, source: Sequence[str] = ()) -> Generator[None]:
    """Lets Python find the modules of a project, as `pikku dev` does.

    Args:
        root: The project's folder.
        source: The setting `source`.
    """
    added = [folder for folder in import_roots(root, source) if folder not in sys.path]
    sys.path[:0] = added
    importlib.invalidate_caches()
    try:
        yield
    finally:
        for folder in added:
            sys.path.remove(folder)


def forget(root: Path) -> None:
    """Takes back the import of every module that lies in a folder, so that another project may have its names."""
    # All of them are found first: a namespace package asks its parent for its path.
    for name in [name for name, module in sys.modules.items() if _lies_in(root, module)]:
        del sys.modules[name]


def _lies_in(root: Path, module: ModuleType) -> bool:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(place is not None and Path(place).is_relative_to(root) for place in places)
