"""What may be there or still be awaited."""

from __future__ import annotations

from inspect import isawaitable
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Awaitable

T = TypeVar("T")


async def settled(outcome: T | Awaitable[T]) -> T:
    """What a function gave that may be sync or async."""
    value: Any = outcome
    return cast("T", await value if isawaitable(value) else value)
