"""A variable that looks like a setting and is none is known by its name."""

from __future__ import annotations

import pytest

from pikku_core.plugin import Setting
from pikku_core.plugin.registry import PluginRow, PluginStatus, Provider, Registry
from pikku_core.setting_variables import unknown_variables

SETTINGS = {"http.max_body": Setting(name="http.max_body", type="int", default=1, help="")}
REGISTRY = Registry(settings=SETTINGS)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("PIKKU_HTPP_MAX_BODY", "PIKKU_HTTP_MAX_BODY"),
        ("PIKKU_SORCE", "PIKKU_SOURCE"),
        ("PIKKU_PLUGIN", "PIKKU_PLUGINS"),
        ("PIKKU_COLOUR", ""),
    ],
)
def test_a_variable_that_nothing_reads_is_found_with_what_was_meant(name: str, near: str) -> None:
    (found,) = unknown_variables([name, "HOME"], REGISTRY)
    assert (found.name, found.near) == (name, near)


@pytest.mark.parametrize(
    "name", ["PIKKU_HTTP_MAX_BODY", "PIKKU_OUT", "PIKKU_DIR", "PIKKU_PLUGINS", "PIKKU_TEST_REDIS"]
)
def test_what_something_reads_is_not(name: str) -> None:
    assert unknown_variables([name], REGISTRY) == []


def test_the_keys_of_the_project_are_its_own() -> None:
    assert unknown_variables(["PIKKU_SORCE"], REGISTRY, own=["PIKKU_SORCE"]) == []


def test_what_may_be_of_a_plugin_that_is_off_is_left_alone() -> None:
    provider = Provider(distribution="acme", plugin="acme", version="1")
    row = PluginRow(provider=provider, status=PluginStatus.DISABLED)
    registry = Registry(settings=SETTINGS, plugins=(row,))
    found = unknown_variables(["PIKKU_ACME_URL", "PIKKU_SORCE"], registry)
    assert [each.name for each in found] == ["PIKKU_SORCE"]
