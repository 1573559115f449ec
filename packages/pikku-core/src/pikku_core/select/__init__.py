"""Tree-shaking: which part of a project is generated, and why something is in it.

Filters choose entries: the wirings, and the functions that are called by name. What they need stays with them, and
nothing else is left.
"""

from __future__ import annotations

from pikku_core.select.entry import Entry
from pikku_core.select.presets import Filters, effective_filters, with_presets
from pikku_core.select.problem import FilterError
from pikku_core.select.selection import select

__all__ = [
    "Entry",
    "FilterError",
    "Filters",
    "effective_filters",
    "select",
    "with_presets",
]
