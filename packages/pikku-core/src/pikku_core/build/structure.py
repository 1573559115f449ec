"""What a declaration is made of, as plain data: two of one structure say the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from types import FunctionType
from typing import Any, TypeAlias, cast

Structure: TypeAlias = "str | list[Structure]"
"""Texts and lists of them, comparable across processes."""


class Structures:
    """Takes values apart, and knows a thing again that it has seen before.

    A function counts by its module and qualified name, one made by another function also by what it closes over: so
    `rate_limit(3)` and `rate_limit(5)` differ, and two uses of one limiter are told from two limiters.
    """

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}
        self._alive: list[object] = []

    def of(self, value: object) -> Structure:
        """The structure of a value."""
        kind: str = type(value).__name__
        if value is None or isinstance(value, str | bytes | int | float | complex | Enum):
            return f"{kind}:{value!r}"
        if isinstance(value, type):
            return f"class:{value.__module__}:{value.__qualname__}"
        if isinstance(value, Mapping):
            pairs = cast("Mapping[object, object]", value).items()
            return ["mapping", *([self.of(key), self.of(item)] for key, item in pairs)]
        if isinstance(value, AbstractSet):
            items = [self.of(item) for item in cast("AbstractSet[object]", value)]
            return ["set", *sorted(items, key=repr)]
        if isinstance(value, Sequence):
            return [kind, *(self.of(item) for item in cast("Sequence[object]", value))]
        return self._thing(value)

    def _thing(self, value: object) -> Structure:
        if isinstance(value, FunctionType):
            name = f"function:{value.__module__}:{value.__qualname__}"
            parts: list[Any] = [cell.cell_contents for cell in value.__closure__ or ()]
            if not parts:
                return name
        else:
            name = f"object:{type(value).__module__}:{type(value).__qualname__}"
            parts = list(_state(value))
        if id(value) in self._seen:
            return f"again:{self._seen[id(value)]}"
        # Kept, so that no other thing gets its id.
        self._alive.append(value)
        self._seen[id(value)] = len(self._seen)
        return [name, *(self.of(part) for part in parts)]


def _state(value: object) -> Sequence[object]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, field.name) for field in dataclasses.fields(value)]
    return [getattr(value, "__dict__", {})]
