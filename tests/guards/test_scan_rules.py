"""The names that scan rules read are there to be imported: one that has moved would be read by nobody."""

from __future__ import annotations

from importlib import import_module

import pytest

from pikku_core.plugin.loader import load_plugins

NAMES = sorted(
    {
        name
        for rule in load_plugins().scan_rules.values()
        for name in (*rule.calls, *rule.parts)
        if name.startswith("pikku_")
    }
)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_rule_reads_can_be_imported(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert callable(getattr(import_module(module), attribute))
