"""Cookies (RFC 6265 and its revision): nothing that a browser would refuse or read otherwise is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from pikku_http.http.header import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_http.http.asgi import Header

SameSite: TypeAlias = Literal["lax", "strict", "none"]
"""Which requests of other sites carry a cookie."""

VALUE: Final = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
"""No spaces, quotes, commas, semicolons or backslashes (RFC 6265, 4.1.1)."""

ATTRIBUTE: Final = re.compile(r"[\x20-\x3a\x3c-\x7e]+")

MAX_BYTES: Final = 4096
"""What name and value have together at most; browsers drop longer ones without a word."""


def cookie_value(headers: Iterable[Header], name: str) -> str | None:
    """The value of the first cookie of a name in a request."""
    wanted = name.encode("latin-1", "replace")
    for key, value in headers:
        if key != b"cookie":
            continue
        for pair in value.split(b";"):
            found, separator, text = pair.partition(b"=")
            if separator and found.strip(b" \t") == wanted:
                text = text.strip(b" \t")
                quoted = len(text) > 1 and text[:1] == text[-1:] == b'"'
                return str(text[1:-1] if quoted else text, "latin-1")
    return None


def cookie_header(
    name: str,
    value: str,
    *,
    max_age: int | None,
    path: str,
    domain: str | None,
    secure: bool,
    http_only: bool,
    same_site: SameSite,
) -> bytes:
    """The value of `Set-Cookie`; see `Http.set_cookie`.

    Raises:
        ValueError: Something in it is not well-formed, or a browser would refuse it.
    """
    problem = cookie_problem(name, path=path, domain=domain, secure=secure, same_site=same_site)
    if problem:
        raise ValueError(problem)
    if not VALUE.fullmatch(value):
        raise ValueError(
            f'The value of the cookie "{name}" holds what it may not: encode it first.'
        )
    if len(name) + len(value) > MAX_BYTES:
        raise ValueError(
            f'The cookie "{name}" has {len(name) + len(value)} bytes, of which browsers keep {MAX_BYTES}: put less into it.'
        )
    parts = [f"{name}={value}", f"Path={path}"]
    if max_age is not None:
        parts.append(f"Max-Age={max(0, max_age)}")
    if domain is not None:
        parts.append(f"Domain={domain}")
    parts += ["Secure"] if secure else []
    parts += ["HttpOnly"] if http_only else []
    parts.append(f"SameSite={same_site.capitalize()}")
    return "; ".join(parts).encode("ascii")


def cookie_problem(
    name: str, *, path: str, domain: str | None, secure: bool, same_site: str
) -> str:
    """What is wrong with a cookie, whatever its value; or nothing."""
    if not TOKEN.fullmatch(name):
        return f"The cookie name {name!r} is not well-formed."
    if same_site not in get_args(SameSite):
        return f'The cookie "{name}" has same_site="{same_site}": "lax", "strict" or "none".'
    if not secure and (same_site == "none" or name.startswith(("__Secure-", "__Host-"))):
        return f'The cookie "{name}" must be secure: browsers refuse it otherwise.'
    if name.startswith("__Host-") and (path != "/" or domain is not None):
        return f'The cookie "{name}" is for one host and all of it: no domain, and the path "/".'
    for what, text in ("path", path), ("domain", domain):
        if text is not None and not ATTRIBUTE.fullmatch(text):
            return f'The {what} {text!r} of the cookie "{name}" is not well-formed.'
    return ""
