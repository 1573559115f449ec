"""What the plugin declares."""

from __future__ import annotations

from importlib.metadata import entry_points

from pikku_core.plugin import PLUGIN_API
from pikku_core.plugin.target import resolve
from pikku_mcp import plugin


def test_the_plugin_is_found_by_its_name() -> None:
    (found,) = entry_points(group="pikku.plugins", name="mcp")
    assert found.load() is plugin


def test_the_plugin_was_written_for_this_plugin_api() -> None:
    assert plugin.pikku_plugin_api == PLUGIN_API


def test_what_the_plugin_names_is_there() -> None:
    targets = [rule.read for rule in plugin.pikku_scan_rules()]
    targets += [check.check for check in plugin.pikku_project_checks()]
    targets += [command.target for command in plugin.pikku_commands()]
    targets += [mount for one in plugin.pikku_serve_components() for _, mount in one.mounts]
    assert all(callable(resolve(target)) for target in targets)
