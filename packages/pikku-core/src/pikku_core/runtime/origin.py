"""Where in a project an error comes from."""

from __future__ import annotations

import sysconfig
from functools import cache
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


def sentence(error: BaseException) -> str:
    """An error as the end of a sentence: `OSError: disk full (app/services.py:7)`."""
    where = origin(error)
    return f"{type(error).__name__}: {error}" + (f" ({where})" if where else "")


def origin(error: BaseException) -> str | None:
    """The innermost line of a project's own that an error passed: `app/services.py:7`.

    The path is relative to the working directory where it is below it. None where only the standard library,
    installed packages and Pikku itself took part.
    """
    own = [(frame, line) for frame, line in walk_tb(error.__traceback__) if is_own(frame)]
    if not own:
        return None
    frame, line = own[-1]
    return f"{shown(frame.f_code.co_filename)}:{line}"


def is_own(frame: FrameType) -> bool:
    """Whether a frame is of a project: neither installed nor generated nor of a Pikku package."""
    file = Path(frame.f_code.co_filename)
    if not file.is_absolute():  # `<frozen importlib._bootstrap>`
        return False
    package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
    if package.startswith("_pikku_") or file.is_relative_to(Path(__file__).parents[1]):
        return False
    if package.startswith("pikku_") and not file.is_relative_to(Path.cwd()):
        return False
    return not any(file.is_relative_to(folder) for folder in installed())


@cache
def installed() -> frozenset[str]:
    """The folders of the standard library and of installed packages."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return frozenset(path for name in names if (path := sysconfig.get_path(name)))


def shown(filename: str) -> str:
    """A path for people: relative where it is below the working directory."""
    file = Path(filename)
    here = Path.cwd()
    return file.relative_to(here).as_posix() if file.is_relative_to(here) else filename
