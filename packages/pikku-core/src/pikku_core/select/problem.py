"""What is wrong with filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.nearest import nearest_name
from pikku_core.plugin.target import TargetError
from pikku_core.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN: Final = 8
"""Of a long list of what there is, so many are shown."""


class FilterError(SettingsError):
    """Filters that cannot be honoured: an unknown preset or value, or nothing is left. The message says what there is."""


def plugin_fault(what: str, owner: object, error: Exception) -> FilterError:
    """The error for something of a plugin that raised.

    Args:
        what: `The filter "tags"`.
        owner: The plugin's distribution and version.
    """
    if isinstance(error, TargetError):
        return FilterError(
            f"{what} of {owner} is missing: {error} Turn the plugin off and report it."
        )
    return FilterError(
        f'{what} of {owner} raised "{type(error).__name__}: {error}": turn the plugin off and report it.'
    )


def nearest(text: str, known: Iterable[str]) -> str:
    """` (did you mean "admin"?)`, or nothing where nothing is near: for the middle of a sentence."""
    near = nearest_name(text, sorted(set(known)))
    return f' (did you mean "{near}"?)' if near else ""


def listed(names: Iterable[str]) -> str:
    """`"admin", "users" and 3 more`, sorted; `nothing` for none."""
    distinct = sorted(set(names))
    shown = ", ".join(f'"{name}"' for name in distinct[:SHOWN])
    more = len(distinct) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown or "nothing"
