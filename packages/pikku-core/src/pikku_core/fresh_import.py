"""Importing a project's modules from their source, never from what was compiled before.

Python takes compiled code for current when its source has the same size and the same second: an edit that follows another
within a second, `int` to `str`, is then imported as it was. Processes that follow every edit must not be taken in.
"""

from __future__ import annotations

import sys
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
)
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.abc import PathEntryFinder
    from types import CodeType


class FreshLoader(SourceFileLoader):
    """Compiles a module anew and keeps nothing."""

    def get_code(self, fullname: str) -> CodeType | None:
        """The code of the source as it is now."""
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


def import_from_source(roots: Iterable[str]) -> None:
    """Lets this process compile the modules below some folders anew; installed ones stay as they are.

    Args:
        roots: Folders of the import path.
    """
    folders = [Path(root).absolute() for root in roots]
    find = FileFinder.path_hook(
        (ExtensionFileLoader, EXTENSION_SUFFIXES), (FreshLoader, SOURCE_SUFFIXES)
    )

    def finder(path: str) -> PathEntryFinder:
        if any(_is_source(Path(path).absolute(), folder) for folder in folders):
            return find(path)
        raise ImportError

    sys.path_hooks.insert(0, finder)
    sys.path_importer_cache.clear()


def _is_source(path: Path, folder: Path) -> bool:
    if not path.is_relative_to(folder):
        return False
    parts = path.relative_to(folder).parts
    return not any(part.startswith(".") or part == "site-packages" for part in parts)
