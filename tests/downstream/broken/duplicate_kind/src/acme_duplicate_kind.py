"""A plugin that provides a wiring kind which another one provides already."""

from __future__ import annotations

from pikku_core.plugin import WiringKind, hookimpl

pikku_plugin_api = 1


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    return [WiringKind(name="http", title="Another HTTP")]
