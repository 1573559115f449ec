"""Core's own plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.plugin.loader import registry_of
from pikku_core.plugin.target import resolve

if TYPE_CHECKING:
    from pikku_core.plugin.registry import Registry


@pytest.fixture(scope="module")
def registry() -> Registry:
    return registry_of()


def test_core_is_whole(registry: Registry) -> None:
    assert registry.failures == ()


def test_core_reserves_the_names_of_what_every_invocation_has(registry: Registry) -> None:
    assert list(registry.wire_parameters) == [
        "config",
        "logger",
        "rpc",
        "secrets",
        "session",
        "sessions",
        "variables",
        "wire",
    ]


def test_every_rule_of_core_can_be_imported(registry: Registry) -> None:
    for rule in registry.scan_rules.values():
        assert callable(resolve(rule.read))
        for call in rule.calls:
            module, _, name = call.rpartition(".")
            assert callable(resolve(f"{module}:{name}"))


def test_every_code_says_what_is_wrong_and_shows_it(registry: Registry) -> None:
    for code in registry.diagnostic_codes.values():
        assert code.title
        assert code.explanation


def test_every_filter_of_core_can_be_imported(registry: Registry) -> None:
    assert list(registry.filters) == ["directories", "names", "tags", "target", "wires"]
    for each in registry.filters.values():
        assert callable(resolve(each.values))
