"""What a request says of itself, fit for logs: a client must not be able to write lines of its own there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikku_http.http.asgi import Scope


def path_of(scope: Scope) -> str:
    """The path as it was sent, without the query string; decoded where the server keeps nothing else."""
    raw: bytes | None = scope.get("raw_path")
    return printable(scope["path"] if raw is None else str(raw, "latin-1"))


def query_of(scope: Scope) -> str | None:
    """The query string without the question mark; None where there is none."""
    query: bytes = scope.get("query_string", b"")
    return printable(str(query, "latin-1")) if query else None


def sent_header(scope: Scope, wanted: bytes) -> str | None:
    """The first value of a header; None where it was not sent."""
    for name, value in scope["headers"]:
        if name == wanted:
            return printable(str(value, "latin-1"))
    return None


def printable(text: str) -> str:
    r"""A text in which everything that is not printable, such as a line break, is escaped.

    >>> printable("a\nb")
    'a\\nb'
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text
    )
