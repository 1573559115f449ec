"""The switches that leave plugins out: each must name one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_cli.exits import CommandError, ExitCode
from pikku_core.plugin.registry import PluginStatus, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.plugin.registry import PluginRow, Registry

FLAG: Final = '"--disable-plugin"'
SETTING: Final = '"tool.pikku.plugins.disabled" of "pyproject.toml"'
VARIABLE: Final = 'The variable "PIKKU_PLUGINS"'


def refuse_unmatched(names: Iterable[str], registry: Registry, switch: str) -> None:
    """Refuses to turn off what is not installed, or what the tool itself is made of.

    Args:
        switch: Where the names stand, as the first words of a sentence.

    Raises:
        CommandError: One of them means no plugin, or an essential one.
    """
    rows = _installed(registry)
    for name in names:
        if name not in rows:
            raise CommandError(_unknown(name, rows, switch), ExitCode.USAGE)
        if rows[name].status is not PluginStatus.DISABLED:
            raise CommandError(
                f'{switch} names the plugin "{name}", which is part of the tool and cannot be disabled.',
                ExitCode.USAGE,
            )


def refuse_missing(registry: Registry) -> None:
    """Refuses to run without a plugin that `PIKKU_PLUGINS` asks for.

    Raises:
        CommandError: One of them is not installed.
    """
    rows = _installed(registry)
    for failure in registry.failures:
        if failure.stage is Stage.FIND:
            name = failure.provider.plugin
            raise CommandError(_unknown(name, rows, VARIABLE), ExitCode.USAGE)


def _installed(registry: Registry) -> dict[str, PluginRow]:
    """The plugins that are there, by each name that they can be called."""
    return {
        name: row
        for row in registry.plugins
        if row.failure is None or row.failure.stage is not Stage.FIND
        for name in row.provider.names
    }


def _unknown(name: str, rows: Iterable[str], switch: str) -> str:
    from pikku_core.nearest import nearest_name

    near = nearest_name(name, list(rows))
    hint = f'did you mean "{near}"?' if near else '"pikku plugins" lists them.'
    return f'{switch} names the plugin "{name}", which is not installed: {hint}'
