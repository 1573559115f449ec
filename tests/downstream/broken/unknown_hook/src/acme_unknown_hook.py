"""A plugin with a hook that does not exist: its name is spelled wrong."""

from __future__ import annotations

from pikku_core.plugin import WiringKind, hookimpl

pikku_plugin_api = 1


@hookimpl
def pikku_wirring_kinds() -> list[WiringKind]:
    return [WiringKind(name="unknown", title="Unknown")]
