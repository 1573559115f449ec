"""The settings of a project: `[tool.pikku]` of its `pyproject.toml`, then `PIKKU_*` variables, then flags.

```toml
[tool.pikku]
source = ["app"]

[tool.pikku.http]
max_body = 1048576
```

`PIKKU_SOURCE=app`, `PIKKU_OUT=build/pikku`, `PIKKU_FILTER=admin` and `PIKKU_HTTP_MAX_BODY=1048576` say the same for one
process.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pikku_core.core_settings import CORE_TABLES
from pikku_core.nearest import nearest_name
from pikku_core.plugin.registry import PluginStatus
from pikku_core.setting_places import placed
from pikku_core.setting_presets import read_presets, refuse_unknown_presets
from pikku_core.setting_values import (
    FILE,
    SettingsError,
    SettingValue,
    from_text,
    inner_path,
    names,
    refuse_other,
    refuse_unknown,
    source_paths,
    strings,
    table,
    typed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pikku_core.plugin.declarations import Setting
    from pikku_core.plugin.registry import Registry

__all__ = [
    "RawSettings",
    "Settings",
    "SettingsError",
    "find_root",
    "load_settings",
    "read_raw",
    "resolve_settings",
]

_KEY = "tool.pikku"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSettings:
    """`[tool.pikku]` before the plugins are known that declare most of its tables.

    Attributes:
        root: The project's folder: the one of `pyproject.toml`.
        tables: What stands in the file.
        disabled: The plugins that `plugins.disabled` names.
    """

    root: Path
    tables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    disabled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a project, checked, defaults filled in.

    Attributes:
        root: The project's folder: the one of `pyproject.toml`.
        source: Folders and modules to scan, POSIX, relative to the root; empty: the packages under `src/`, or beside
            `pyproject.toml` where there is no `src/`.
        out: Where generated files go, relative to the root.
        outputs: Another path for a generated file, relative to the root, by its path in `out`.
        filter: The presets that hold where a command is given no filters; empty: everything is generated.
        filters: Presets for `--filter`: the values of each flag, by preset.
        plugins: The tables of the plugins: `settings.plugins["http"]["max_body"]`.
    """

    root: Path
    source: tuple[str, ...] = ()
    out: str = ".pikku"
    outputs: Mapping[str, str] = field(default_factory=dict[str, str])
    filter: tuple[str, ...] = ()
    filters: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=dict[str, Mapping[str, tuple[str, ...]]]
    )
    plugins: Mapping[str, Mapping[str, SettingValue]] = field(
        default_factory=dict[str, Mapping[str, SettingValue]]
    )

    @property
    def out_path(self) -> Path:
        """The folder of the generated files."""
        return self.root / self.out


def find_root(start: Path) -> Path:
    """The nearest folder at `start` or above it that has a `pyproject.toml`.

    Raises:
        SettingsError: There is none.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise SettingsError(
        f'There is no "{FILE}" in "{start}" or above it: run pikku in the folder of a project, '
        f'or name one with "--project".'
    )


def read_raw(root: Path) -> RawSettings:
    """Reads `[tool.pikku]` as far as no plugin is needed for it.

    Raises:
        SettingsError: The file cannot be read, or `plugins` is not what it must be.
    """
    file = root / FILE
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f'"{file}" cannot be read: {error.strerror}.') from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f'"{file}" is not TOML: {error}.') from error
    with placed(root):
        tables = table(table(document.get("tool", {}), "tool").get("pikku", {}), _KEY)
        plugins = table(tables.get("plugins", {}), f"{_KEY}.plugins")
        refuse_unknown(plugins, ("disabled",), f"{_KEY}.plugins")
        disabled = strings(plugins.get("disabled", []), f"{_KEY}.plugins.disabled")
    return RawSettings(root=root, tables=tables, disabled=disabled)


def resolve_settings(
    raw: RawSettings, registry: Registry, *, variables: Mapping[str, str] = os.environ
) -> Settings:
    """Checks the settings against what core and the plugins declare, and fills in variables and defaults.

    Raises:
        SettingsError: An unknown key, or a value of another type.
    """
    with placed(raw.root):
        return _resolved(raw, registry, variables)


def _resolved(raw: RawSettings, registry: Registry, variables: Mapping[str, str]) -> Settings:
    declared = _declared(registry)
    known = {*CORE_TABLES, *declared}
    refuse_unknown(raw.tables.keys() - _silent(raw, registry, known), known, _KEY)
    settings = Settings(
        root=raw.root,
        source=source_paths(strings(raw.tables.get("source", []), f"{_KEY}.source")),
        out=inner_path(raw.tables.get("out", ".pikku"), f"{_KEY}.out"),
        outputs=_outputs(raw),
        filter=strings(raw.tables.get("filter", []), f"{_KEY}.filter"),
        filters=read_presets(raw.tables, registry),
        plugins=MappingProxyType(
            {name: _plugin(name, keys, raw, variables) for name, keys in declared.items()}
        ),
    )
    if (out := variables.get("PIKKU_OUT")) is not None:
        settings = replace(settings, out=inner_path(out, "", variable="PIKKU_OUT"))
    if (source := variables.get("PIKKU_SOURCE")) is not None:
        settings = replace(settings, source=source_paths(names(source), variable="PIKKU_SOURCE"))
    if (presets := variables.get("PIKKU_FILTER")) is not None:
        settings = replace(settings, filter=names(presets))
    refuse_unknown_presets(settings.filter, settings.filters, variable="PIKKU_FILTER" in variables)
    _check(settings, raw, registry, variables)
    return settings


def load_settings(root: Path, registry: Registry) -> Settings:
    """The settings of the project in `root`; see `read_raw` and `resolve_settings`."""
    return resolve_settings(read_raw(root), registry)


def _declared(registry: Registry) -> dict[str, dict[str, Setting]]:
    """The settings of all plugins, by table and key."""
    declared: dict[str, dict[str, Setting]] = {}
    for name, setting in registry.settings.items():
        plugin, _, key = name.partition(".")
        declared.setdefault(plugin, {})[key] = setting
    return declared


def _silent(raw: RawSettings, registry: Registry, known: AbstractSet[str]) -> set[str]:
    """The tables that may be those of plugins that are turned off or broken: nobody can say what these declare.

    A plugin may call its table otherwise than itself: so any unknown one may be, unless it looks like one misspelt.
    """
    silent = [row.provider for row in registry.plugins if row.status is not PluginStatus.ACTIVE]
    if not silent:
        return set()
    own = {provider.plugin for provider in silent} - known
    others = {
        name
        for name, value in raw.tables.items()
        if isinstance(value, dict) and name not in known and not nearest_name(name, known)
    }
    return own | others


def _plugin(
    name: str, keys: Mapping[str, Setting], raw: RawSettings, variables: Mapping[str, str]
) -> Mapping[str, SettingValue]:
    """The table of one plugin."""
    given = table(raw.tables.get(name, {}), f"{_KEY}.{name}")
    refuse_unknown(given, keys, f"{_KEY}.{name}")
    values: dict[str, SettingValue] = {}
    for key, setting in keys.items():
        variable = f"PIKKU_{name}_{key}".upper()
        if variable in variables:
            values[key] = from_text(variables[variable], setting.type, variable)
            refuse_other(values[key], setting.choices, f'The variable "{variable}"')
        elif key in given:
            path = f"{_KEY}.{name}.{key}"
            values[key] = typed(given[key], setting.type, path)
            refuse_other(values[key], setting.choices, f'"{path}" of "{FILE}"', key=path)
        else:
            values[key] = setting.default
    return MappingProxyType(values)


def _check(
    settings: Settings, raw: RawSettings, registry: Registry, variables: Mapping[str, str]
) -> None:
    """Asks the settings' own checks about what was given."""
    for setting in registry.settings.values():
        name, _, key = setting.name.partition(".")
        variable = f"PIKKU_{name}_{key}".upper()
        if setting.check is None or not (variable in variables or key in raw.tables.get(name, {})):
            continue
        from pikku_core.plugin.target import resolve

        fault: str = resolve(setting.check)(settings.plugins[name][key], registry)
        if fault and variable in variables:
            raise SettingsError(f'The variable "{variable}" {fault}')
        if fault:
            path = f"{_KEY}.{setting.name}"
            raise SettingsError(f'"{path}" of "{FILE}" {fault}', key=path)


def _outputs(raw: RawSettings) -> Mapping[str, str]:
    key = f"{_KEY}.outputs"
    given = table(raw.tables.get("outputs", {}), key)
    return MappingProxyType(
        {path: inner_path(given[path], f"{key}.{path}") for path in sorted(given)}
    )
