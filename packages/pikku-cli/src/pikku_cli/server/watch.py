"""Changes of a project's source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from watchfiles import (
    Change,
    DefaultFilter,
    awatch,  # pyright: ignore[reportUnknownVariableType] - its type names trio, which is not installed
)

from pikku_core.scan.addons import editable_folders

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pikku_core.settings import Settings

IGNORED: Final = ("build", "dist", "htmlcov", "venv")
"""Folders that hold no source, beside the hidden and well-known ones."""


class SourceFilter(DefaultFilter):
    """Lets Python files, `pyproject.toml` and the `.env` file through, and nothing of what is generated."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            ignore_dirs=(*DefaultFilter.ignore_dirs, *IGNORED), ignore_paths=(settings.out_path,)
        )
        own = settings.plugins.get("environment", {})
        self._dotenv = settings.root / str(own.get("dotenv", ".env"))

    def __call__(self, change: Change, path: str) -> bool:
        """Whether a change of this file matters."""
        file = Path(path)
        matters = file.suffix == ".py" or file.name == "pyproject.toml" or file == self._dotenv
        return matters and super().__call__(change, path)


async def changes(settings: Settings) -> AsyncIterator[list[str]]:
    """The changed files of the project and of editable addons, relative to the project, each time some have changed.

    The first list is empty and says that from now on nothing is missed.
    """
    watching = awatch(
        settings.root,
        *editable_folders(settings.root),
        watch_filter=SourceFilter(settings),
        debounce=200,
        step=30,
        rust_timeout=100,
        yield_on_timeout=True,
    )
    first = True
    async for found in watching:
        if found or first:
            first = False
            yield sorted({_shown(path, settings.root) for _, path in found})


def _shown(path: str, root: Path) -> str:
    file = Path(path)
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else path
