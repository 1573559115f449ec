"""The fields after a chunked body."""

from __future__ import annotations

from typing import Any, Final

MAX_TRAILERS: Final = 100
"""How many there may be."""


class Trailers(list[Any]):
    """The fields after a chunked body: read, counted, and never taken for headers (RFC 9110, 6.5.1)."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def append(self, _: Any) -> None:
        """Throws a field away.

        Raises:
            ValueError: There are too many; the parser then ends the connection.
        """
        self._count += 1
        if self._count > MAX_TRAILERS:
            raise ValueError("There are too many trailer fields.")
