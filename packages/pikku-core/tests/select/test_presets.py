"""Presets and the setting `filter`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pikku_core.select import FilterError, effective_filters, with_presets
from pikku_core.settings import Settings

SETTINGS = Settings(
    root=Path("/"),
    filter=("admin",),
    filters={
        "admin": {"tags": ("admin",), "wires": ("http",)},
        "calm": {"exclude-tags": ("beta", "slow"), "tags": ("calm", "admin")},
    },
)


def test_patterns_of_presets_are_added_each_once() -> None:
    assert with_presets({"tags": ("users",)}, ["admin", "calm"], SETTINGS) == {
        "exclude-tags": ("beta", "slow"),
        "tags": ("users", "admin", "calm"),
        "wires": ("http",),
    }


@pytest.mark.parametrize(
    ("preset", "message"),
    [
        ("amdin", 'There is no preset "amdin" (did you mean "admin"?): "tool.pikku.filters" has '),
        ("zzz", 'There is no preset "zzz": "tool.pikku.filters" has "admin", "calm".'),
    ],
)
def test_an_unknown_preset_is_said_with_those_that_there_are(preset: str, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        with_presets({}, [preset], SETTINGS)
    assert str(caught.value).startswith(message)


def test_without_presets_there_is_nothing_to_name() -> None:
    with pytest.raises(FilterError, match="has nothing"):
        with_presets({}, ["admin"], Settings(root=Path("/")))


@pytest.mark.parametrize("patterns", [{}, {"tags": ()}])
def test_a_preset_without_filters_is_refused(patterns: dict[str, tuple[str, ...]]) -> None:
    settings = replace(SETTINGS, filters={**SETTINGS.filters, "all": patterns})
    for chosen in (["all"], ["calm", "all"]):
        with pytest.raises(FilterError, match=r'The preset "all" of .* has no filters'):
            with_presets({}, chosen, settings)


def test_the_setting_holds_where_nothing_is_given() -> None:
    assert effective_filters({}, SETTINGS) == {"tags": ("admin",), "wires": ("http",)}
    assert effective_filters({"tags": ()}, SETTINGS) == {"tags": ("admin",), "wires": ("http",)}


def test_what_is_given_stands_above_the_setting() -> None:
    assert effective_filters({"wires": ("queue",), "names": ("a",)}, SETTINGS) == {
        "names": ("a",),
        "wires": ("queue",),
    }
