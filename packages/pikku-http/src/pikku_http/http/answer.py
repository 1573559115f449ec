"""Answers: what a result is on the wire."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

from pikku_core import DeclarationError
from pikku_http.http.redirect import Redirect

if TYPE_CHECKING:
    from pikku_core.runtime.records import FunctionRecord
    from pikku_http.http.asgi import Header, Message, Send
    from pikku_http.http.http import Http

JSON: Final[Header] = (b"content-type", b"application/json")
BYTES: Final[Header] = (b"content-type", b"application/octet-stream")

NO_CONTENT: Final = frozenset({204, 205, 304})
"""Statuses whose answers have no body (RFC 9110, 15.3.5, 15.3.6 and 15.4.5)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is not simply JSON with the wiring's status."""

    status: int
    headers: tuple[Header, ...]
    body: bytes


Content: TypeAlias = bytes | Answer
"""JSON, or another answer."""

Write: TypeAlias = Callable[[Any], Content]


def writer_of(record: FunctionRecord, status: int) -> Write:
    """What makes the answer of a result, by the function's return type.

    None is answered without a body (204 where the wiring has no status of its own), `bytes` as they are, a `Redirect`
    by its status and location, anything else (text too) as JSON.

    Raises:
        DeclarationError: The status admits no body, but the function has a result.
    """
    write_json = record.result.write_json
    members = frozenset(alternatives(record.result.type))
    unknown = Any in members or object in members
    special = members & {type(None), bytes, Redirect}
    if status in NO_CONTENT and not members <= {type(None)}:
        raise DeclarationError(
            f'The status {status} has no body, but the function "{record.id}" has a result.'
        )
    if not special and not unknown:
        return write_json
    empty = Answer(204 if status == 200 else status, (), b"")
    has_none = unknown or type(None) in members
    has_bytes = unknown or bytes in members
    has_redirect = unknown or Redirect in members

    has_json = unknown or bool(members - {type(None), bytes, Redirect})
    check_result = record.result.check_result

    def write(result: Any) -> Content:
        if result is None and has_none:
            return empty
        if has_bytes and isinstance(result, bytes):
            return Answer(status, (BYTES,), result)
        if has_redirect and isinstance(result, Redirect):
            return Answer(result.status, ((b"location", result.target),), b"")
        # Where nothing is JSON, what fits after all (text for bytes) is one of the above.
        return write_json(result) if has_json else write(check_result(result))

    return write


def alternatives(type_: Any) -> list[Any]:
    """The types that a value may have: those of a union, without annotations and aliases."""
    if isinstance(type_, typing.TypeVar):
        return [Any]
    origin = typing.get_origin(type_)
    if origin is Annotated:
        return alternatives(typing.get_args(type_)[0])
    if origin in {typing.Union, types.UnionType}:
        return [member for one in typing.get_args(type_) for member in alternatives(one)]
    value = getattr(type_, "__value__", None)  # of a type alias
    return alternatives(value) if value is not None and not isinstance(type_, type) else [type_]


async def send_answer(send: Send, content: Content, status: int, http: Http | None) -> None:
    """Sends an answer with what the function and middleware have set through `http`."""
    if isinstance(content, Answer):
        status, body = content.status, content.body
        headers: list[Header] = list(content.headers)
    else:
        body = content
        headers = [JSON]
    status, headers = with_http(status, headers, http)
    if status in NO_CONTENT:
        body = b""
        headers = [one for one in headers if one[0] != b"content-type"]
    if status not in {204, 304}:  # These have no length either (RFC 9110, 8.6).
        headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def send_empty(send: Send, *headers: Header) -> None:
    """Sends an answer that is its headers and nothing else: 204."""
    await send({"type": "http.response.start", "status": 204, "headers": [*headers]})
    await send({"type": "http.response.body", "body": b""})


def with_http(status: int, headers: list[Header], http: Http | None) -> tuple[int, list[Header]]:
    """Status and headers of an answer, with what has been set through `http`."""
    if http is None:
        return status, headers
    if http.status is not None:
        status = http.status
    if http.added:
        replaced = {name for name, _ in http.added}
        headers = [one for one in headers if one[0] not in replaced] + http.added
    return status, headers


def headers_only(send: Send) -> Send:
    """What sends answers to HEAD: without their bodies (RFC 9110, 9.3.2)."""

    async def send_headers(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_headers
