"""What was probably meant by a name that is not known."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest_name(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """The known name that is most like another one; empty where none is near.

    ```python
    nearest_name("admni", ["admin", "users"])  # "admin"
    ```

    Args:
        cutoff: How alike they must be, from 0 to 1.
    """
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=cutoff)), "")
