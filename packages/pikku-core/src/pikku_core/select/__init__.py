"""Tree-shaking: which part of a project is generated, and why something is in it.

Filters choose entries: the wirings, and the functions that are called by name. What they need stays with them, and
nothing else is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core.select.entry import Entry
from pikku_core.select.presets import Filters, effective_filters, with_presets
from pikku_core.select.problem import FilterError
from pikku_core.select.selection import select

if TYPE_CHECKING:
    from pikku_core.select.explanation import Explanation as Explanation
    from pikku_core.select.explanation import why as why

__all__ = [
    "Entry",
    "Explanation",
    "FilterError",
    "Filters",
    "effective_filters",
    "select",
    "why",
    "with_presets",
]


def __getattr__(name: str) -> Any:
    # A run does not ask why.
    if name in {"Explanation", "why"}:
        from pikku_core.select import explanation

        return getattr(explanation, name)
    raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
