"""Where a setting stands: the line of `pyproject.toml` for an error about it."""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from pikku_core.setting_values import FILE, SettingsError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path


@contextmanager
def placed(root: Path) -> Generator[None]:
    """Adds the line to an error about a key of the file in `root`: `"pyproject.toml:3" has the unknown key …`."""
    try:
        yield
    except SettingsError as error:
        line = _line_in(root / FILE, error.key)
        if line is None:
            raise
        message = str(error).replace(f'"{FILE}"', f'"{FILE}:{line}"', 1)
        raise SettingsError(message, key=error.key) from None


def line_of(document: str, key: str) -> int | None:
    """The first line of the statement that gives a key, or the nearest table round it; None where there is neither.

    Args:
        document: TOML.
        key: Its parts joined by dots: `tool.pikku.http.max_body`.
    """
    places = _places(document)
    while key:
        if key in places:
            return places[key]
        key = key.rpartition(".")[0]
    return None


def _line_in(file: Path, key: str) -> int | None:
    try:
        return line_of(file.read_text(encoding="utf-8"), key) if key else None
    except (OSError, UnicodeDecodeError):
        return None


def _places(document: str) -> dict[str, int]:
    """The line at which each key of a document is first given."""
    places: dict[str, int] = {}
    table = ""
    for line, text, content in _statements(document.split("\n")):
        is_header = text.lstrip().startswith("[")
        keys = list(_keys(content, "" if is_header else table))
        if is_header:
            table = keys[-1]
        for key in keys:
            places.setdefault(key, line)
    return places


def _statements(lines: list[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """The statements of a document, each with its line, its text and what it says by itself.

    A value may go over several lines: a statement ends where it can be read.
    """
    start = 0
    for end in range(1, len(lines) + 1):
        text = "\n".join(lines[start:end])
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            continue
        if content:
            yield start + 1, text, content
        start = end


def _keys(content: object, prefix: str) -> Iterator[str]:
    """All keys in nested tables, outer ones first."""
    if isinstance(content, list):  # an array of tables
        content = cast("list[object]", content)[-1] if content else None
    if isinstance(content, dict):
        for name, value in cast("dict[str, object]", content).items():
            key = f"{prefix}.{name}" if prefix else name
            yield key
            yield from _keys(value, key)
