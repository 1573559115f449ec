"""The fields after a chunked body."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from pikku_http.http.server.refusal import RefusedError

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
            RefusedError: There are too many.
        """
        self._count += 1
        if self._count > MAX_TRAILERS:
            status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise RefusedError(status, "There are too many fields after the body.")
