"""Flags."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from pikku_core.plugin import Filter, hookimpl
from pikku_core.plugin.loader import registry_of
from pikku_core.plugin.registry import PluginRow, PluginStatus, Provider
from pikku_core.select import Entry, FilterError
from pikku_core.select.criteria import criteria_of, filter_of, flags_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin.registry import Registry


def acme(monkeypatch: pytest.MonkeyPatch, values: Callable[[Entry], object]) -> Registry:
    """A plugin with the filter `exclude-all`, as unlucky names go, and one that is given."""
    module = ModuleType("acme_filters")

    def pikku_filters() -> list[Filter]:
        return [
            Filter(name="colours", help="", values="acme_filters:values"),
            Filter(name="exclude-all", help="", values="acme_filters:values"),
        ]

    vars(module).update(pikku_plugin_api=1, pikku_filters=hookimpl(pikku_filters), values=values)
    monkeypatch.setitem(sys.modules, "acme_filters", module)
    registry = registry_of(module)
    assert not registry.failures
    return registry


def test_each_filter_has_two_flags(registry: Registry) -> None:
    flags = flags_of(registry)
    assert list(flags)[:4] == ["directories", "exclude-directories", "names", "exclude-names"]
    assert flags["exclude-tags"] is flags["tags"]


def test_a_flag_leads_to_its_filter(registry: Registry) -> None:
    assert filter_of("exclude-tags", registry).name == "tags"


def test_a_flag_of_a_plugin_that_is_off_is_refused_with_who_may_have_it(registry: Registry) -> None:
    http = Provider(distribution="pikku-http", plugin="http", version="0.1.0")
    off = PluginRow(provider=http, status=PluginStatus.DISABLED)
    with pytest.raises(FilterError) as caught:
        filter_of("http-routes", replace(registry, plugins=(*registry.plugins, off)))
    assert 'There is no filter "--http-routes"' in str(caught.value)
    assert str(caught.value).endswith('Plugins that are not loaded may have it: "http" (disabled).')


def test_hook_filters_of_a_plugin_are_flags(
    monkeypatch: pytest.MonkeyPatch, entry: Callable[[str], Entry]
) -> None:
    registry = acme(monkeypatch, lambda each: (each.function.id,))
    (criterion,) = criteria_of({"exclude-colours": ("ban",)}, [entry("line:BAN")], registry)
    assert criterion.excludes
    assert criterion.says(0) is True
    assert str(criterion) == "--exclude-colours=ban"


def test_a_filter_whose_name_begins_like_an_exclusion_includes(
    monkeypatch: pytest.MonkeyPatch, entry: Callable[[str], Entry]
) -> None:
    registry = acme(monkeypatch, lambda each: (each.function.id,))
    (criterion,) = criteria_of({"exclude-all": ("ban",)}, [entry("line:BAN")], registry)
    assert not criterion.excludes


def test_a_filter_that_raises_is_named_with_its_plugin(
    monkeypatch: pytest.MonkeyPatch, entry: Callable[[str], Entry]
) -> None:
    def values(_: Entry) -> list[str]:
        raise ValueError("no colours today")

    with pytest.raises(FilterError) as caught:
        criteria_of({"colours": ("red",)}, [entry("line:BAN")], acme(monkeypatch, values))
    assert str(caught.value) == (
        'The filter "colours" of acme_filters 0 raised "ValueError: no colours today": '
        "turn the plugin off and report it."
    )


def test_a_filter_that_gives_a_text_for_a_list_is_named(
    monkeypatch: pytest.MonkeyPatch, entry: Callable[[str], Entry]
) -> None:
    with pytest.raises(FilterError, match='it gave the text "red", not a list of texts') as caught:
        criteria_of({"colours": ("red",)}, [entry("line:BAN")], acme(monkeypatch, lambda _: "red"))
    assert str(caught.value).startswith(
        'The filter "colours" of acme_filters 0 raised "TypeError: '
    )


def test_values_are_asked_for_once_however_many_flags_use_them(
    monkeypatch: pytest.MonkeyPatch, entry: Callable[[str], Entry]
) -> None:
    asked: list[str] = []

    def values(each: Entry) -> list[str]:
        asked.append(each.id)
        return ["red"]

    filters = {"colours": ("red",), "exclude-colours": ("blue",)}
    criteria_of(filters, [entry("line:BAN")], acme(monkeypatch, values))
    assert asked == ["line:BAN"]
