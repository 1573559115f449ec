"""`versions.pikku.json`: the contracts that were promised, kept with the source."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from pikku_core.codegen.json_text import json_text
from pikku_core.contracts.change import Direction
from pikku_core.contracts.contract import Contract
from pikku_core.contracts.surface import (
    BrokenSurfaceError,
    Surface,
    shape_of,
    surface_hash,
    surface_of,
)
from pikku_core.plugin.diagnostics import Location

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pikku_core.plugin.model import Json

FILE: Final = "versions.pikku.json"
VERSION: Final = 1


class ManifestError(Exception):
    """The manifest is not what `pikku versions` wrote.

    Attributes:
        line: Where, 1-based.
        hint: What to do.
    """

    def __init__(
        self, message: str, line: int = 1, hint: str = "Restore it from version control."
    ) -> None:
        super().__init__(message)
        self.line = line
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The recorded contracts.

    Attributes:
        functions: By base and version, both ascending.
        lines: Where each function stands in the file, 1-based.
    """

    functions: Mapping[str, Mapping[int, Contract]] = field(
        default_factory=dict[str, "Mapping[int, Contract]"]
    )
    lines: Mapping[str, int] = field(default_factory=dict[str, int], compare=False)

    def place(self, base: str) -> Location:
        """Where a function stands in the file."""
        return Location(FILE, self.lines.get(base, 1))

    def text(self) -> str:
        """The file: the same contracts give the same bytes."""
        functions: dict[str, Json] = {
            base: {
                "latest": max(self.functions[base]),
                "versions": {
                    str(version): _record(self.functions[base][version])
                    for version in sorted(self.functions[base])
                },
            }
            for base in sorted(self.functions)
        }
        return json_text({"manifest_version": VERSION, "functions": functions})


def read_manifest(path: Path) -> Manifest | None:
    """The manifest in a file; None where there is no file.

    Raises:
        ManifestError: It is not whole: no JSON, of another version, or a hash is not that of its contract.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"it cannot be read: {error}") from None
    return parse_manifest(text)


def parse_manifest(text: str) -> Manifest:
    """The manifest of a text; see `read_manifest`."""
    try:
        document = _table(json.loads(text, object_pairs_hook=_distinct), "is no object")
        if not _is_number(document.get("manifest_version"), VERSION):
            raise ManifestError(f'its "manifest_version" is not {VERSION}')
        functions = _table(document.get("functions"), 'has no "functions"')
    except json.JSONDecodeError as error:
        if conflict := re.search(r"^(?:<{7}|={7}|>{7})(?: |$)", text, re.MULTILINE):
            line = text.count("\n", 0, conflict.start()) + 1
            hint = "Resolve the merge: keep the functions of both sides, then run `pikku versions check`."
            raise ManifestError("it has the markers of a merge", line, hint) from None
        raise ManifestError(f"it is no JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise ManifestError("it is nested too deeply") from None
    except _BrokenError as error:
        raise ManifestError(f"it {error}") from None
    lines = {base: _line(text, base) for base in functions}
    found: dict[str, Mapping[int, Contract]] = {}
    for base, row in functions.items():
        try:
            found[base] = _versions(_table(row, "is no object"))
        except _BrokenError as error:
            raise ManifestError(f'"{base}" {error}', lines[base]) from None
    return Manifest(functions=found, lines=lines)


class _BrokenError(Exception):
    """Something about a part of the file."""


def _versions(row: Mapping[str, Any]) -> dict[int, Contract]:
    versions = _table(row.get("versions"), 'has no "versions"')
    if not versions or not all(re.fullmatch("[1-9][0-9]*", text) for text in versions):
        raise _BrokenError("has versions that are not counted from 1 on")
    numbers = sorted(map(int, versions))
    if not _is_number(row.get("latest"), numbers[-1]):
        raise _BrokenError(f'has {numbers[-1]} as its highest version, and another as its "latest"')
    return {
        number: _contract(_table(versions[str(number)], "is no object"), number)
        for number in numbers
    }


def _contract(row: Mapping[str, Any], version: int) -> Contract:
    surfaces: dict[Direction, Surface] = {}
    for direction in Direction:
        said = f"has a version {version} whose {direction}"
        surface = _table(row.get(str(direction)), f"{said} is missing")
        rows = {path: _table(one, f"{said} is broken") for path, one in surface.items()}
        try:
            surfaces[direction] = surface_of(shape_of(rows))
        except BrokenSurfaceError as error:
            raise _BrokenError(f"{said} is broken: {error}") from None
        if rows != surfaces[direction] or row.get(f"{direction}_hash") != surface_hash(rows):
            raise _BrokenError(f"{said} is not what its hash is of")
    return Contract(input=surfaces[Direction.INPUT], output=surfaces[Direction.OUTPUT])


def _is_number(value: object, number: int) -> bool:
    """Whether a value is a number as it is written: `true` and `1.0` equal 1 and are others."""
    return type(value) is int and value == number


def _table(value: object, fault: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _BrokenError(fault)
    return cast("dict[str, Any]", value)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of some pairs; a merge that kept both sides has a key twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise _BrokenError(f'has the key "{twice}" twice')
    return found


def _record(contract: Contract) -> Json:
    row: dict[str, Json] = {f"{one}_hash": contract.hash(one) for one in Direction}
    for direction in Direction:
        surface = contract.surface(direction)
        row[str(direction)] = {path: dict(surface[path]) for path in sorted(surface)}
    return row


def _line(text: str, base: str) -> int:
    found = re.search(
        rf"{re.escape(json.dumps(base, ensure_ascii=False))}:\s*\{{\s*\"(?:latest|versions)\"", text
    )
    return text.count("\n", 0, found.start()) + 1 if found else 1
