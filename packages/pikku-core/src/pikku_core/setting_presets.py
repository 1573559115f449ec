"""The presets of `[tool.pikku.filters]`: the values of each flag, by preset."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pikku_core.nearest import nearest_name
from pikku_core.plugin.registry import PluginStatus
from pikku_core.setting_values import FILE, SettingsError, refuse_unknown, strings, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_core.plugin.registry import Registry

EXCLUDE: Final = "exclude-"

_KEY: Final = "tool.pikku.filters"


def read_presets(
    tables: Mapping[str, Any], registry: Registry
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The presets that stand in the file.

    A flag that may be one of a plugin that is turned off or broken stays: it is refused where the preset is used.

    Args:
        tables: What stands in `[tool.pikku]`.

    Raises:
        SettingsError: A preset cannot be named, or has an unknown flag or other values than texts.
    """
    presets = table(tables.get("filters", {}), _KEY)
    checked: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for preset in sorted(presets):
        key = f"{_KEY}.{preset}"
        if "," in preset:
            raise SettingsError(
                f'The preset "{preset}" of "{FILE}" has a comma in its name, which separates presets: call it otherwise.',
                key=key,
            )
        given = table(presets[preset], key)
        refuse_unknown(_to_check(given, registry), _flags(registry), key)
        checked[preset] = MappingProxyType(
            {flag: strings(given[flag], f"{key}.{flag}") for flag in sorted(given)}
        )
    return MappingProxyType(checked)


def refuse_unknown_presets(
    chosen: Sequence[str], presets: Mapping[str, object], *, variable: bool
) -> None:
    """Refuses presets that are not there.

    Args:
        chosen: Those that hold where a command is given no filters.
        variable: Whether `PIKKU_FILTER` names them, rather than the file.

    Raises:
        SettingsError: One is not there.
    """
    key = "tool.pikku.filter"
    where = 'The variable "PIKKU_FILTER"' if variable else f'"{key}" of "{FILE}"'
    for preset in chosen:
        if preset not in presets:
            near = nearest_name(preset, presets)
            listed = ", ".join(f'"{one}"' for one in presets) or "none"
            hint = f'did you mean "{near}"?' if near else f"there is {listed}."
            raise SettingsError(
                f'{where} names the preset "{preset}", which is not there: {hint}',
                key="" if variable else key,
            )


def _flags(registry: Registry) -> set[str]:
    return {form for name in registry.filters for form in (name, f"{EXCLUDE}{name}")}


def _to_check(given: Mapping[str, object], registry: Registry) -> list[str]:
    """The flags to check: all but those that a plugin which is not running may have declared."""
    if all(row.status is PluginStatus.ACTIVE for row in registry.plugins):
        return list(given)
    return [flag for flag in given if flag not in _flags(registry) and _misspells(flag, registry)]


def _misspells(flag: str, registry: Registry) -> bool:
    """Whether an unknown flag looks like one that there is: two that exclude are compared by what they exclude."""
    known = registry.filters if flag.startswith(EXCLUDE) else _flags(registry)
    return bool(nearest_name(flag.removeprefix(EXCLUDE), known))
