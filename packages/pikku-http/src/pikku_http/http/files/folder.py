"""A folder whose files may be sent: what the path of a request means in it, and nothing outside it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pikku_core import NotFoundError
from pikku_http.http.accept_encoding import chosen_coding
from pikku_http.http.files.open_file import ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pikku_http.http.files.static import HttpStatic

UNSAFE: Final = frozenset("/\\\0" + (":" if os.name == "nt" else ""))
"""What no name of a file has: it would be another path than the one that was looked at."""
WELL_KNOWN: Final = ".well-known"
INDEX: Final = "index.html"
ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""Compressed copies, the smallest first."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """What a path of a request means.

    Attributes:
        named: The file whose name says what the content is.
        sent: The file itself, or a compressed copy of it.
        encoding: How the copy is compressed; empty where there is none.
        vary: The headers of the request that this depends on.
    """

    named: Path
    sent: Path
    encoding: str = ""
    vary: tuple[str, ...] = ()


class FolderRedirectError(Exception):
    """A folder was asked for without the slash that the links of its page need."""


class Folder:
    """The files of a folder; all of it reads the disk, so it runs in a thread.

    Args:
        path: Where it is.
        declaration: What is declared of it.
    """

    def __init__(self, path: Path, declaration: HttpStatic) -> None:
        self._path = path.resolve()
        self._declaration = declaration

    def find(self, asked: Sequence[str], headers: Mapping[str, str]) -> FoundFile:
        """The file that is asked for.

        Args:
            asked: The names below the folder, decoded; the last one is empty where a folder is asked for.
            headers: Those of the request, by name in lower case.

        Raises:
            FolderRedirectError: It is a folder, and the path does not say so.
            NotFoundError: There is no such file, or it is none that may be sent.
        """
        try:
            return self._compressed(self._file(asked), headers)
        except (NotFoundError, OSError) as error:
            if isinstance(error, OSError) and error.errno not in ABSENT:
                raise
            found = self._compressed(self._fallen_back(asked, headers), headers)
            return replace(found, vary=("accept", *found.vary))

    def _file(self, asked: Sequence[str]) -> Path:
        names = asked[:-1] if asked[-1:] == [""] else asked
        for name in names:
            refuse_name(name)
        path, says_folder = self._safe(self._path.joinpath(*names)), len(names) < len(asked)
        if not path.is_dir():
            if says_folder or not path.is_file():
                raise NotFoundError
            return path
        if not self._declaration.index:
            raise NotFoundError
        index = self._safe(path / INDEX)
        if not index.is_file():
            raise NotFoundError
        if not says_folder:
            raise FolderRedirectError
        return index

    def _fallen_back(self, asked: Sequence[str], headers: Mapping[str, str]) -> Path:
        wanted = not any(asked) or "text/html" in headers.get("accept", "")
        if not self._declaration.fallback or not wanted:
            raise NotFoundError
        return self._safe(self._path / self._declaration.fallback)

    def _compressed(self, path: Path, headers: Mapping[str, str]) -> FoundFile:
        if not self._declaration.precompressed:
            return FoundFile(path, path)
        vary = ("accept-encoding",)
        copies = {name: path.with_name(path.name + suffix) for name, suffix in ENCODINGS}
        # One that is older was made of another version.
        offered = [
            name
            for name, copy in copies.items()
            if copy.is_file() and copy.stat().st_mtime >= path.stat().st_mtime
        ]
        coding = chosen_coding(headers.get("accept-encoding", ""), offered)
        if coding not in copies:
            return FoundFile(path, path, vary=vary)
        return FoundFile(path, self._safe(copies[coding]), coding, vary)

    def _safe(self, path: Path) -> Path:
        """Where a path leads.

        Raises:
            NotFoundError: Out of the folder, or to what is hidden in it.
        """
        try:
            real = path.resolve()
        except (OSError, RuntimeError) as error:  # A name that is too long, links in a circle.
            raise NotFoundError from error
        if self._declaration.follow_symlinks:
            return real
        if not real.is_relative_to(self._path):
            raise NotFoundError
        if any(is_hidden(name) for name in real.relative_to(self._path).parts):
            raise NotFoundError
        return real


def refuse_name(name: str) -> None:
    """Raises `NotFoundError` where a name is none of a file, or is hidden."""
    if not name or is_hidden(name) or not UNSAFE.isdisjoint(name):
        raise NotFoundError


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is kept back; `.` and `..` are."""
    return name.startswith(".") and name != WELL_KNOWN


def folder_problem(directory: str, fallback: str, root: Path) -> str:
    """What is missing of a folder of files, or nothing."""
    if not (root / directory).is_dir():
        return f'The directory "{directory}" does not exist, or is no folder.'
    if fallback and not (root / directory / fallback).is_file():
        return f'The fallback "{fallback}" is no file in "{directory}".'
    return ""
