"""Tags: `a:b` lies in `a`, so that what is declared for `a` is for it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def ancestry(tags: Iterable[str]) -> list[str]:
    """Tags with those that they lie in, nearest first, each once: `a:b:c` is followed by `a:b` and `a`."""
    found: list[str] = []
    for tag in tags:
        words = tag.split(":")
        found += [":".join(words[:count]) for count in range(len(words), 0, -1)]
    return list(dict.fromkeys(found))
