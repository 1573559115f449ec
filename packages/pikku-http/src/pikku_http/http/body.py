"""Bodies of requests: read up to a limit, as JSON (RFC 8259) or as they are."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pikku_core import BadRequestError, PayloadTooLargeError, UnsupportedMediaTypeError
from pikku_http.http.observe.request import printable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pikku_http.http.asgi import Message, Receive, Scope

MAX_BODY: Final = 10 * 1024 * 1024
"""The default limit of a body: 10 MiB."""

JSON: Final = b"application/json"

UTF_8: Final = frozenset({"", "utf-8", "utf8", "us-ascii"})


class ClientDisconnectedError(BadRequestError):
    """The client left before its request had arrived; nobody is there to be answered."""

    code = "client_disconnected"
    default_message = "The client left before its request had arrived."


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body, which is JSON or empty.

    Raises:
        PayloadTooLargeError: It is larger than `limit` bytes; seen before reading where the client says the length.
        UnsupportedMediaTypeError: It has no content type, or another one than JSON.
        ClientDisconnectedError: The client left in the middle of it.
    """
    headers = dict(scope["headers"])
    length = headers.get(b"content-length")
    if length is not None:
        check_length(length, limit)
    content_type = headers.get(b"content-type")
    if content_type is not None and content_type != JSON:
        check_content_type(content_type)
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnectedError
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        body = await _rest(body, receive, limit)
    elif len(body) > limit:
        raise too_large(limit)
    if body and content_type is None:
        raise UnsupportedMediaTypeError(
            "The body has no content type: send it as application/json."
        )
    if b"content-encoding" in headers:
        check_encoding(headers[b"content-encoding"])
    return body


async def body_parts(scope: Scope, receive: Receive, limit: int) -> AsyncIterator[bytes]:
    """The body as it arrives, whatever it is.

    Raises:
        PayloadTooLargeError: It is larger than `limit` bytes; seen before reading where the client says the length.
        UnsupportedMediaTypeError: It is compressed.
        ClientDisconnectedError: The client left in the middle of it.
    """
    check_length(header_of(scope, b"content-length") or b"0", limit)
    check_encoding(header_of(scope, b"content-encoding"))
    size, more = 0, True
    while more:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnectedError
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise too_large(limit)
        more = message.get("more_body", False)
        if part:
            yield part


def header_of(scope: Scope, name: bytes) -> bytes:
    """A header of a request; empty where it was not sent, the last one of several."""
    found: bytes = dict(scope["headers"]).get(name, b"")
    return found


async def _rest(begun: bytes, receive: Receive, limit: int) -> bytes:
    parts = [begun]
    size = len(begun)
    more = True
    while more:
        if size > limit:
            raise too_large(limit)
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnectedError
        part: bytes = message.get("body", b"")
        parts.append(part)
        size += len(part)
        more = message.get("more_body", False)
    if size > limit:
        raise too_large(limit)
    return b"".join(parts)


def check_length(length: bytes, limit: int) -> None:
    """Lets a length up to the limit pass.

    Raises:
        PayloadTooLargeError: It is larger.
        BadRequestError: It is no number.
    """
    if not length.isdigit():
        raise BadRequestError("The length of the body is no number.")
    try:
        size = int(length)
    except ValueError:  # Python reads no number of thousands of digits.
        raise too_large(limit) from None
    if size > limit:
        raise too_large(limit)


@lru_cache(maxsize=64)
def check_content_type(content_type: bytes) -> None:
    """Lets `application/json` and `*/*+json` in UTF-8 pass.

    Raises:
        UnsupportedMediaTypeError: It is anything else.
    """
    media_type = content_type.lower().partition(b";")[0].strip()
    if media_type != JSON and not (media_type.endswith(b"+json") and media_type.count(b"/") == 1):
        raise UnsupportedMediaTypeError(
            f'The content type "{printable(media_type.decode("latin-1"))}" is not supported: send application/json.'
        )
    text = content_type.decode("latin-1")
    if not is_utf_8(text):
        raise UnsupportedMediaTypeError(
            f'The charset "{printable(charset_of(text))}" is not supported: JSON is UTF-8.'
        )


def charset_of(content_type: str) -> str:
    """The charset of a content type, in lower case; empty where it says none.

    >>> charset_of('text/plain; CharSet="UTF-8"; x=1')
    'utf-8'
    """
    for parameter in content_type.lower().split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            return value.strip().strip('"')
    return ""


def is_utf_8(content_type: str) -> bool:
    """Whether what is sent is read rightly as UTF-8: where it says nothing else."""
    return charset_of(content_type) in UTF_8


def check_encoding(encoding: bytes) -> None:
    """Lets a body that is not compressed pass.

    Raises:
        UnsupportedMediaTypeError: It is compressed (RFC 9110, 8.4).
    """
    if encoding.strip().lower() not in {b"", b"identity"}:
        raise UnsupportedMediaTypeError(
            f'The content encoding "{printable(encoding.decode("latin-1"))}" is not supported: send the body as it is.'
        )


def too_large(limit: int) -> PayloadTooLargeError:
    """The error of a body that is over the limit."""
    return PayloadTooLargeError(f"The body is larger than {limit} bytes.")
