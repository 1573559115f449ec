"""Versions of one answer in several codings: each has an `ETag` of its own (RFC 9110, 8.8.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_http.http.asgi import Header, Message, Scope

CONDITIONS: Final = frozenset({b"if-match", b"if-none-match"})
"""Conditions on the answer as a whole. That of `If-Range` is on the bytes of one coding, so it fails as it should."""

MARK: Final = b"--"
VARIANT: Final = re.compile(rb'(?<!W/)("[\x21\x23-\x7e\x80-\xff]*)--(gzip|br|zstd)"')
"""A strong tag of a version that was compressed here."""

OF_PLAIN: Final = frozenset(
    {b"accept-ranges", b"content-digest", b"content-length", b"content-md5", b"repr-digest"}
)
"""Headers that speak of the bytes that were not sent."""


class Variants:
    """The tags of a request and of its answer, as the function knows them and as the client does.

    The client has `"v1--gzip"` where the function says `"v1"`, and what it says of that tag reaches the function as `"v1"`.
    A weak tag means all codings at once, and stays as it is.

    Args:
        coding: The one that the client would have.
    """

    __slots__ = ("_coding", "_known")

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._known: dict[bytes, bytes] = {}

    def translated(self, scope: Scope) -> Scope:
        """The request with the tags that the function knows."""
        headers = [self._condition(name, value) for name, value in scope["headers"]]
        return {**scope, "headers": headers}

    def headers_of(self, headers: Iterable[Header], coding: str) -> list[Header]:
        """The headers of an answer once it is compressed."""
        kept = [self._tagged(one, coding) for one in headers if one[0] not in OF_PLAIN]
        return [*kept, (b"content-encoding", coding.encode())]

    def not_modified(self, message: Message) -> Message:
        """A 304, which names the version that the client has (RFC 9110, 15.4.5)."""
        headers = [
            (name, self._known.get(value, value)) if name == b"etag" else (name, value)
            for name, value in message.get("headers", ())
        ]
        return {**message, "headers": headers}

    def _condition(self, name: bytes, value: bytes) -> Header:
        if name not in CONDITIONS:
            return name, value
        for tag, coding in VARIANT.findall(value):
            if coding == self._coding.encode() or tag + b'"' not in self._known:
                self._known[tag + b'"'] = tag + b"--" + coding + b'"'
        return name, VARIANT.sub(rb'\1"', value)

    @staticmethod
    def _tagged(header: Header, coding: str) -> Header:
        name, value = header
        if name != b"etag" or value.startswith(b"W/") or not value.endswith(b'"'):
            return header
        return name, value[:-1] + b"--" + coding.encode() + b'"'
