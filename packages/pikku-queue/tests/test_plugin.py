"""The plugin is found, and was written for this API."""

from __future__ import annotations

from importlib.metadata import entry_points

from pikku_core.plugin import PLUGIN_API
from pikku_queue import plugin


def test_the_plugin_is_found_by_its_name() -> None:
    (found,) = entry_points(group="pikku.plugins", name="queue")
    assert found.load() is plugin


def test_the_plugin_was_written_for_this_plugin_api() -> None:
    assert plugin.pikku_plugin_api == PLUGIN_API
