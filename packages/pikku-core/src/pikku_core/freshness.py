"""Whether `.pikku/` still says what the source says.

Every run of `pikku` records in `pikku-sources.gen.json` what it read and wrote: the hash of each source file and
generated file, the settings, and the versions of the distributions that had a part in it.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from pikku_core.sources import MissingSourceError, list_sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FILE: Final = "pikku-sources.gen.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one run read and wrote.

    Attributes:
        files: The generated files with the hash of each, by path in the folder.
        settings: The hash of `[tool.pikku]`.
        source: The setting `source`.
        sources: The source files with the hash of each, by path in the project.
        versions: Distributions by name.
    """

    files: Mapping[str, str] = field(default_factory=dict[str, str])
    settings: str = ""
    source: Sequence[str] = ()
    sources: Mapping[str, str] = field(default_factory=dict[str, str])
    versions: Mapping[str, str] = field(default_factory=dict[str, str])

    def text(self) -> str:
        """The record as a file."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"


def digest(content: bytes) -> str:
    """The hash by which a file is known again."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def record(root: Path, source: Sequence[str]) -> Record:
    """The record of a run that begins: what is changed while it goes on makes its files stale.

    Args:
        root: The project's folder.
        source: The setting `source`.
    """
    return Record(settings=_settings(root), source=list(source), sources=_sources(root, source))


def installed(versions: Mapping[str, str]) -> dict[str, str]:
    """Those of the distributions that are installed: a plugin that lives in a test is none."""
    return {name: versions[name] for name in sorted(versions) if _installed(name) is not None}


def read(out: Path) -> Record | None:
    """The record of the last run; None where there is none that can be read."""
    try:
        content: object = json.loads((out / FILE).read_bytes())
        last = Record(**cast("dict[str, Any]", content))
    except (OSError, ValueError, TypeError):
        return None
    tables: tuple[object, ...] = (last.files, last.sources, last.versions)
    whole = isinstance(last.source, list) and all(isinstance(table, dict) for table in tables)
    return last if whole else None


def check(root: Path, out: Path) -> str | None:
    """Why the generated files in `out` are not those of the project in `root`; None where they are.

    The answer is the end of a sentence: `"app/models.py" has changed`.
    """
    last = read(out)
    if last is None:
        return f'there are none in "{out}"'
    if last.settings != _settings(root):
        return 'the settings in "pyproject.toml" have changed'
    return (
        _difference(last.sources, _sources(root, last.source))
        or _version_difference(last.versions)
        or _edited(out, last.files)
    )


def _difference(before: Mapping[str, str], now: Mapping[str, str]) -> str | None:
    for file in sorted(before.keys() | now.keys()):
        if file not in now:
            return f'"{file}" is gone'
        if file not in before:
            return f'"{file}" is new'
        if before[file] != now[file]:
            return f'"{file}" has changed'
    return None


def _version_difference(versions: Mapping[str, str]) -> str | None:
    for distribution, before in versions.items():
        now = _installed(distribution)
        if now is None:
            return f'"{distribution}" is not installed any more'
        if now != before:
            return f'"{distribution}" is {now} and was {before}'
    return None


def _installed(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _edited(out: Path, files: Mapping[str, str]) -> str | None:
    """What the runtime would load and no run wrote; other generated files are for tools."""
    for path, before in files.items():
        if path.endswith(".py"):
            try:
                content = (out / path).read_bytes()
            except OSError:
                return f'"{path}" is gone'
            if digest(content) != before:
                return f'"{path}" was changed by hand'
    return None


def _settings(root: Path) -> str:
    try:
        document = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    table = document.get("tool", {}).get("pikku", {})
    return digest(json.dumps(table, sort_keys=True, default=str).encode())


def _sources(root: Path, source: Sequence[str]) -> dict[str, str]:
    try:
        listed = sorted(list_sources(root, source), key=lambda each: each.file)
    except (MissingSourceError, OSError):
        return {}  # A scan says what is wrong.
    return {each.file: _file_digest(Path(each.path)) for each in listed}


def _file_digest(path: Path) -> str:
    try:
        return digest(path.read_bytes())
    except OSError:
        return ""
