"""How much a body may hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pikku_http.http.body import MAX_BODY

if TYPE_CHECKING:
    from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLimits:
    """The limits of the bodies of a wiring, in bytes or pieces.

    Attributes:
        body: The largest body.
        fields: The most fields of a form that are no files.
        fields_size: The most bytes of these, names and texts together, once they are decoded.
        files: The most files of a form.
        memory: How much of the files of a request is kept in memory; the rest goes to disk.
    """

    body: int = MAX_BODY
    fields: int = 1000
    fields_size: int = 1024 * 1024
    files: int = 100
    memory: int = 1024 * 1024

    def with_body(self, limit: int | None) -> Self:
        """The same with another limit of the body; None leaves it."""
        return self if limit is None else replace(self, body=limit)
