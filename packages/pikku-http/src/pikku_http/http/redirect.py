"""Redirects: a result that sends the client elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

STATUSES = (301, 302, 303, 307, 308)

SCHEMA = {"title": "Redirect", "type": "null", "description": "Answered with a redirect."}
"""What stands for a redirect in the JSON Schema of a result."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """The result of a function that answers with a redirect (RFC 9110, 15.4).

    Args:
        location: A relative reference or an `http` or `https` URL; other characters than those of a URL are encoded.
        status: 303 (default: the client goes on with GET), 302, 301, or 307 and 308, which keep method and body.

    Raises:
        ValueError: The location has another scheme, names a host without one (`//host`), or holds a control
            character; or the status is none of a redirect.
    """

    location: str
    status: Literal[301, 302, 303, 307, 308] = 303

    def __post_init__(self) -> None:
        """Checks the location, which often comes from a caller."""
        problem = _problem(self.location)
        if problem:
            raise ValueError(f"The location {self.location!r} of a redirect {problem}.")
        if self.status not in STATUSES:
            raise ValueError(f"The status {self.status} is none of a redirect.")

    @property
    def target(self) -> bytes:
        """The value of the `Location` header."""
        return quote(self.location, safe="!#$%&'()*+,/:;=?@[]~").encode("ascii")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(SCHEMA)


def _problem(location: str) -> str:
    # Browsers take a backslash for a slash and drop tabs and line breaks wherever they stand.
    if any(character < " " or character in "\\\x7f" for character in location):
        return "holds a control character or a backslash"
    try:
        parts = urlsplit(location)
    except ValueError:
        return "is no URL"
    if parts.scheme in {"http", "https"}:
        return "" if parts.netloc else "names no host"
    if parts.scheme:
        return f'has the scheme "{parts.scheme}", and may only be relative, http or https'
    if parts.netloc or location.startswith("//"):
        return "names a host without a scheme"
    return "" if location and location == location.strip() else "is empty or begins with a space"
