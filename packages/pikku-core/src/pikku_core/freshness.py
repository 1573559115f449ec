"""Whether `.pikku/` still says what the source says.

Every run of `pikku` records in `pikku-sources.gen.json` what it read and wrote: the hash of each source file and
generated file, the settings and the variables that stand in for some of them, the filters, the plugins, and the versions
of the distributions that had a part in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from pikku_core.sources import MissingSourceError, list_sources

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = "pikku-sources.gen.json"

FILTER: Final = "PIKKU_FILTER"
VARIABLES: Final = (
    "PIKKU_DEPLOY_DEFAULT_TARGET",
    "PIKKU_DEPLOY_SERVERLESS_INCOMPATIBLE",
    FILTER,
    "PIKKU_PLUGINS",
    "PIKKU_SOURCE",
)
"""The variables that say what is generated; others only matter when it runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one run read and wrote.

    Attributes:
        files: The generated files with the hash of each, by path in the folder.
        filters: The patterns by flag that the files are the outcome of; empty: nothing was left out.
        filters_given: Whether the run was given them, rather than the setting `filter`.
        plugins: The distributions of all plugins that were installed, also of those that were turned off.
        settings: The hash of `[tool.pikku]`.
        source: The setting `source`.
        sources: The source files with the hash of each, by path in the project.
        variables: The variables that said what to generate, as far as they were set.
        versions: Distributions by name.
    """

    files: Mapping[str, str] = field(default_factory=dict[str, str])
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    filters_given: bool = False
    plugins: Sequence[str] = ()
    settings: str = ""
    source: Sequence[str] = ()
    sources: Mapping[str, str] = field(default_factory=dict[str, str])
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    versions: Mapping[str, str] = field(default_factory=dict[str, str])

    def text(self) -> str:
        """The record as a file."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"


def digest(content: bytes) -> str:
    """The hash by which a file is known again."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def record(
    root: Path,
    source: Sequence[str],
    *,
    filters: Mapping[str, Sequence[str]] | None = None,
    filters_given: bool = False,
) -> Record:
    """The record of a run that begins: what is changed while it goes on makes its files stale.

    Args:
        root: The project's folder.
        source: The setting `source`.
        filters: Those that hold, by flag; None: none.
        filters_given: Whether the run was given them.
    """
    return Record(
        filters={flag: list(patterns) for flag, patterns in (filters or {}).items()},
        filters_given=filters_given,
        plugins=_plugins(),
        settings=_settings(root),
        source=list(source),
        sources=_sources(root, source),
        variables=_variables(filters_given=filters_given),
    )


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
    lists: tuple[object, ...] = (last.plugins or [], last.source)
    tables: tuple[object, ...] = (
        last.files,
        last.filters,
        last.sources,
        last.variables,
        last.versions,
    )
    whole = all(isinstance(each, list) for each in lists)
    whole = whole and all(isinstance(each, dict) for each in tables)
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
        _variable_difference(last.variables, _variables(filters_given=last.filters_given))
        or _plugin_difference(last.plugins)
        or _difference(last.sources, _sources(root, last.source))
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


def _variable_difference(before: Mapping[str, str], now: Mapping[str, str]) -> str | None:
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            was = f'was "{before[name]}"' if name in before else "was not set"
            is_now = f'is "{now[name]}"' if name in now else "is not set"
            return f'the variable "{name}" {was} and {is_now}'
    return None


def _plugin_difference(plugins: Sequence[str]) -> str | None:
    for distribution in _plugins():
        if distribution not in plugins:
            return f'the plugin "{distribution}" was not installed'
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


def _plugins() -> list[str]:
    """The distributions of all plugins. One that is gone matters where its version was recorded."""
    found = entry_points(group="pikku.plugins")
    return sorted({point.dist.name for point in found if point.dist is not None})


def _variables(*, filters_given: bool) -> dict[str, str]:
    """The variables that say what is generated; filters that were given stand above the one for filters."""
    return {
        name: os.environ[name]
        for name in VARIABLES
        if name in os.environ and not (name == FILTER and filters_given)
    }


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
