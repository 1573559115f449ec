"""Which filters hold: what flags and presets say, else the setting `filter`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pikku_core.select.problem import FilterError, listed, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_core.settings import Settings

Filters: TypeAlias = "Mapping[str, tuple[str, ...]]"
"""Patterns by flag: `{"tags": ("admin",), "exclude-names": ("beta*",)}`."""


def effective_filters(given: Filters, settings: Settings) -> Filters:
    """The filters that hold: the given ones, or those of the setting `filter` where none are given; sorted by flag.

    Raises:
        FilterError: The setting names a preset that is unknown or has no filters.
    """
    chosen = given if any(given.values()) else with_presets({}, settings.filter, settings)
    return {flag: tuple(chosen[flag]) for flag in sorted(chosen) if chosen[flag]}


def with_presets(given: Filters, presets: Iterable[str], settings: Settings) -> Filters:
    """Filters with the patterns of presets added to them, each once.

    Raises:
        FilterError: A preset is unknown, or has no filters.
    """
    merged = {flag: list(patterns) for flag, patterns in given.items()}
    for preset in presets:
        if preset not in settings.filters:
            raise FilterError(
                f'There is no preset "{preset}"{nearest(preset, settings.filters)}: '
                f'"tool.pikku.filters" has {listed(settings.filters)}.'
            )
        if not any(settings.filters[preset].values()):
            raise FilterError(
                f'The preset "{preset}" of "tool.pikku.filters" has no filters: give it one. Everything is generated where '
                'no filter holds, for which "PIKKU_FILTER=" takes back the setting "filter".'
            )
        for flag, patterns in settings.filters[preset].items():
            merged.setdefault(flag, []).extend(patterns)
    return {flag: tuple(dict.fromkeys(patterns)) for flag, patterns in merged.items()}
