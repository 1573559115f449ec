"""Values that options and arguments can have, as far as they are known without reading the source."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from pikku_core.plugin import current_command
from pikku_core.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable


def function_names(incomplete: str = "") -> list[str]:
    """The functions of the last run that begin like this; with an `autocompletion` Typer asks for them."""
    return [name for name in _functions() if name.startswith(incomplete)]


def filter_values(flag: str) -> list[str]:
    """What a flag of a filter can be followed by: presets, choices, names and tags of the last run.

    Args:
        flag: Without dashes: `filter`, `tags`, `exclude-tags`.
    """
    name = flag.removeprefix("exclude-")
    context = current_command()
    if name == "filter":
        return sorted(context.settings.filters)
    declared = context.registry.filters.get(name)
    if declared is not None and declared.choices:
        return list(declared.choices)
    match name:
        case "names":
            return list(_functions())
        case "tags":
            return sorted({tag for one in _functions().values() for tag in one.get("tags", ())})
        case "wires":
            return sorted({"rpc", *filter(_is_wired, context.registry.wiring_kinds)})
        case _:
            return []


def plugin_names() -> list[str]:
    """What can be disabled."""
    return sorted(row.provider.plugin for row in current_command().registry.plugins)


def beginning_with(incomplete: str, values: Iterable[str]) -> list[str]:
    """The values that go on from what stands behind the last comma, each with what stands before it."""
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{value}" for value in values if value.startswith(last)]


def _is_wired(kind: str) -> bool:
    """Whether the last run found wirings of a kind."""
    try:
        out = current_command().settings.out_path
    except SettingsError:
        return False
    return (out / kind / f"pikku-{kind}-wirings-meta.gen.json").is_file()


def _functions() -> dict[str, Any]:
    """The metadata of the functions, by id; empty where there is none that can be read."""
    try:
        out = current_command().settings.out_path
        content: object = json.loads(
            (out / "function" / "pikku-functions-meta.gen.json").read_bytes()
        )
    except (OSError, ValueError, SettingsError):
        return {}
    return cast("dict[str, Any]", content) if isinstance(content, dict) else {}
