"""Where secrets and variables come from, and how their text becomes what they are.

A plugin adds a source by the hook `pikku_value_sources`: a function that is given an `Opening` and returns a `Source`.
"""

from __future__ import annotations

from pikku_core.environment.opening import Opening, Source

__all__ = ["Opening", "Source"]
