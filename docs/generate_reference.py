"""Writes docs/reference/*.md from the code: `python docs/generate_reference.py`.

`tests/guards/test_reference_pages.py` fails when a page is out of date.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reference_pages import commands, diagnostics, generated_files, hooks, project, settings

from pikku_core.plugin.loader import Selection, load_plugins

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin.registry import Registry

FOLDER = Path(__file__).parent / "reference"
PLUGINS = frozenset(folder.name for folder in FOLDER.parents[1].glob("packages/pikku-*"))
PAGES: dict[str, Callable[[Registry], str]] = {
    "commands.md": commands.render,
    "diagnostics.md": diagnostics.render,
    "generated-files.md": generated_files.render,
    "hooks.md": hooks.render,
    "project.md": project.render,
    "settings.md": settings.render,
}


def pages() -> dict[str, str]:
    """The text of every page by its file's name, from the plugins of this repository and no others."""
    registry = load_plugins(Selection(only=PLUGINS))
    return {name: render(registry) for name, render in PAGES.items()}


def main() -> None:
    """Writes all pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
