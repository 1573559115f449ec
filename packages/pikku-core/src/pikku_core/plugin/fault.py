"""Where a plugin's own code failed."""

from __future__ import annotations

import sys
from pathlib import Path
from traceback import walk_tb

from pikku_core.plugin.diagnostics import Location


def fault_place(error: BaseException) -> Location | None:
    """The innermost line that an error passed in the package that core called.

    The path is relative to the working directory, or to the folder that the package is imported from. None where the
    package itself could not be imported.
    """
    frames = [
        (str(frame.f_globals.get("__name__", "")).partition(".")[0], frame, line)
        for frame, line in walk_tb(error.__traceback__)
    ]
    called = next((top for top, _, _ in frames if not _is_ours(top)), None)
    own = [(frame, line) for top, frame, line in frames if top == called]
    if not own:
        return None
    frame, line = own[-1]
    return Location(_shown(Path(frame.f_code.co_filename)), line)


def _is_ours(package: str) -> bool:
    """Whether a package only leads to a plugin: core, or the import system."""
    return package == "pikku_core" or package in sys.stdlib_module_names


def _shown(file: Path) -> str:
    folders = [Path.cwd(), *sorted(map(Path, sys.path), key=lambda path: -len(path.parts))]
    for folder in folders:
        if folder.is_absolute() and file.is_relative_to(folder):
            return file.relative_to(folder).as_posix()
    return file.name
