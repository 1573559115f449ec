"""What is wrong with a setting, as the rest of a sentence that begins with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikku_core.plugin.registry import Registry


def lease(value: float, _registry: Registry) -> str:
    """A lease is renewed three times while it lasts: each a write."""
    return "" if value >= 1 else f"must be 1 or more, and is {value:g}."
