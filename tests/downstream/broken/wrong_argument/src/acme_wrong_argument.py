"""A plugin with a hook that asks for an argument which hooks are not called with."""

from __future__ import annotations

from pikku_core.plugin import WiringKind, hookimpl

pikku_plugin_api = 1


@hookimpl
def pikku_wiring_kinds(project: object) -> list[WiringKind]:
    return [WiringKind(name="wrong", title=str(project))]
