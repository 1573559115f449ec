"""The commands below `pikku new`: one for each template that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin.declarations import Command

if TYPE_CHECKING:
    from pikku_core.plugin.registry import Registry


def template_commands(registry: Registry) -> dict[str, Command]:
    """A command for each template, by name."""
    commands = [
        Command(
            name=f"new {template.name}",
            help=template.help,
            target=f"pikku_cli.commands.new:{'standalone' if template.standalone else _into(template.name)}",
        )
        for template in registry.templates.values()
    ]
    return {command.name: command for command in commands}


def _into(name: str) -> str:
    return "wiring" if name.startswith("wiring ") else "item"
