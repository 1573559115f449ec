"""What modules do to the outside while they are imported, seen through Python's audit hooks (PEP 578)."""

from __future__ import annotations

import os
import sys
from inspect import currentframe
from typing import TYPE_CHECKING, Any, Final, Self, TypedDict

if TYPE_CHECKING:
    from types import FrameType


class Effect(TypedDict):
    """One thing that a module did while it was imported.

    Attributes:
        file: The project's file whose line led to it, relative to the root.
        what: In words, such as `opens a SQLite database`.
    """

    file: str
    line: int
    what: str


EVENTS: Final = {
    "sqlite3.connect": "opens a SQLite database",
    "socket.connect": "connects to a server",
    "socket.getaddrinfo": "looks up a host name",
    "socket.bind": "binds a socket",
    "subprocess.Popen": "starts a process",
    "os.system": "starts a process",
    "os.posix_spawn": "starts a process",
    "os.exec": "replaces the process",
    "os.mkdir": "makes a folder",
    "os.remove": "removes a file",
    "os.rename": "renames a file",
    "os.rmdir": "removes a folder",
    "shutil.rmtree": "removes a folder",
}
WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC


class Watch:
    """Collects effects while it is entered. An audit hook cannot be removed: a process has one watch.

    Args:
        root: The project's folder; what no line of it led to is not reported.
    """

    def __init__(self, root: str) -> None:
        self.effects: list[Effect] = []
        self._root = root
        self._active = False

    def __enter__(self) -> Self:
        self._active = True
        sys.addaudithook(self._hook)
        return self

    def __exit__(self, *_: object) -> None:
        self._active = False

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._active:
            return
        if event == "open":
            what = "writes a file" if _writes(*arguments) else None
        else:
            what = EVENTS.get(event)
        # Looking at frames is an event too; it is none of those above.
        here = currentframe() if what else None
        if what and here is not None:
            self._report(what, here.f_back)

    def _report(self, what: str, frame: FrameType | None) -> None:
        if frame is None or frame.f_code.co_filename.startswith("<frozen importlib"):
            return  # The import system keeps compiled files.
        while frame is not None:
            file = in_project(frame.f_code.co_filename, self._root)
            if file:
                effect = Effect(file=file, line=frame.f_lineno, what=what)
                if effect not in self.effects:
                    self.effects.append(effect)
                return
            frame = frame.f_back


def in_project(file: str, root: str) -> str:
    """The path of a file relative to the project's folder, POSIX; empty where it is not the project's own."""
    prefix = root + os.sep
    inside = file.startswith(prefix) and "site-packages" not in file
    return file.removeprefix(prefix).replace(os.sep, "/") if inside else ""


def _writes(path: object, mode: str | None, flags: int) -> bool:
    writing = flags & WRITING if mode is None else set(mode) & set("wax+")
    return bool(writing) and path != os.devnull
