"""A plugin that was written for a plugin API of the past."""

from __future__ import annotations

from pikku_core.plugin import WiringKind, hookimpl

pikku_plugin_api = 0


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    return [WiringKind(name="old", title="Old")]
