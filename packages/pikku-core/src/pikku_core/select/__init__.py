"""Tree-shaking: which part of a project is generated, and why something is in it.

Filters choose entries: the wirings, and the functions that are called by name. What they need stays with them, and
nothing else is left.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pikku_core.select.entry import Entry as Entry
    from pikku_core.select.explanation import Explanation as Explanation
    from pikku_core.select.explanation import why as why
    from pikku_core.select.presets import Filters as Filters
    from pikku_core.select.presets import effective_filters as effective_filters
    from pikku_core.select.presets import with_presets as with_presets
    from pikku_core.select.problem import FilterError as FilterError
    from pikku_core.select.selection import select as select

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

_MODULES: Final = {
    "Entry": "entry",
    "Explanation": "explanation",
    "FilterError": "problem",
    "Filters": "presets",
    "effective_filters": "presets",
    "select": "selection",
    "why": "explanation",
    "with_presets": "presets",
}


def __getattr__(name: str) -> Any:
    # Every command loads core's diagnostics, and these are among them; few choose a part of a project.
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
