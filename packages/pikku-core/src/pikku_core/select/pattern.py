"""What is written after a flag: a value, with `*` for any run of characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Pattern:
    """One pattern of a flag.

    ```python
    assert Pattern("/admin", subtree=True).matches("/admin/users")
    ```

    Args:
        text: As it was given.
        subtree: Whether it means what is below it too, as of paths; then a slash at its end says nothing.
        ignore_case: Whether `get` means `GET`.
    """

    def __init__(self, text: str, *, subtree: bool = False, ignore_case: bool = False) -> None:
        self.text = text
        stem = text.rstrip("/") if subtree else text
        expression = ".*".join(re.escape(part) for part in re.split(r"\*+", stem))
        self._regex = re.compile(
            f"{expression}(?:/.*)?" if subtree else expression,
            re.DOTALL | (re.IGNORECASE if ignore_case else 0),
        )

    def matches(self, value: str) -> bool:
        """Whether it means a value, whole."""
        return self._regex.fullmatch(value) is not None

    def matches_any(self, values: Iterable[str]) -> bool:
        """Whether it means one of some values."""
        return any(map(self.matches, values))
