"""Header fields (RFC 9110, 5): in an answer nothing that is not one name and one value passes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pikku_http.http.asgi import Scope

TCHAR: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]"
"""What tokens consist of, such as names of fields, methods and codings (RFC 9110, 5.6.2)."""
TOKEN: Final = re.compile(f"{TCHAR}+")
UNSAFE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

FRAMING: Final = frozenset({b"connection", b"content-length", b"transfer-encoding", b"upgrade"})
"""Fields that say where an answer ends; the application and the server write them."""

OF_CONTENT: Final = frozenset(
    {
        b"cache-control",
        b"content-disposition",
        b"content-encoding",
        b"content-language",
        b"content-location",
        b"content-range",
        b"content-type",
        b"etag",
        b"expires",
        b"last-modified",
        b"location",
    }
)
"""Fields that speak of the answer that was meant; an error in its place does not carry them."""


@lru_cache(maxsize=512)
def header_name(name: str) -> bytes:
    """The field name in lower case.

    Raises:
        ValueError: It is no name, or one of `FRAMING`.
    """
    if not TOKEN.fullmatch(name):
        raise ValueError(f"The header name {name!r} is not well-formed.")
    lower = name.lower().encode("ascii")
    if lower in FRAMING:
        raise ValueError(f'The header "{name}" is written by the server and cannot be set.')
    return lower


def header_value(value: str) -> bytes:
    """The field value.

    Raises:
        ValueError: It holds a line break or another control character, which would let it pass for more headers, or
            a character outside Latin-1.
    """
    if not value.isprintable() and UNSAFE.search(value):
        raise ValueError(f"The header value {value!r} holds a control character.")
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        raise ValueError(
            f"The header value {value!r} holds a character outside Latin-1: encode it first."
        ) from None


def request_headers(scope: Scope) -> dict[str, str]:
    """The headers of a request, several of one name joined by commas."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found
