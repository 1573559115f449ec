"""From a request to a file: its parts are read by another thread while those before are sent."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING, Final

from pikku_core import PikkuError, PreconditionFailedError
from pikku_core.runtime import is_outcome
from pikku_http.http.answer import Answer, Content, send_answer, with_http
from pikku_http.http.files.answer import FileAnswer
from pikku_http.http.files.conditions import judge, range_holds, with_headers
from pikku_http.http.files.open_file import OpenFile, open_file
from pikku_http.http.files.ranges import ByteRange, UnsatisfiableRangeError, parse_range
from pikku_http.http.header import header_value, request_headers
from pikku_http.http.http import HttpWire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pikku_http.http.asgi import Header, Receive, Scope, Send
    from pikku_http.http.errors import ErrorResponder
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle
    from pikku_http.http.wiring import HttpWiring

PART: Final = 256 * 1024
"""How many bytes are read at once."""


class RangeNotSatisfiableError(PikkuError):
    """416: the range that was asked for is not there."""

    status = 416
    code = "range_not_satisfiable"
    default_message = "The file has no such range."


def file_handler(
    invoke: Callable[[HttpWire], Awaitable[FileAnswer | Content]],
    wiring: HttpWiring,
    function: str,
    errors: ErrorResponder,
) -> Handle:
    """The handler of a wiring whose function may answer with a file."""
    status, name = wiring.status, wiring.id

    async def handle(scope: Scope, receive: Receive, send: Send, values: Values) -> None:
        wire = HttpWire(name, function, scope, receive, values)
        opened: OpenFile | None = None
        try:
            content = await invoke(wire)
            if not isinstance(content, FileAnswer):
                return await send_answer(send, content, status, wire.http)
            opened = await asyncio.to_thread(open_file, content)
            answer, part = answered(content, opened, wire, status)
        except BaseException as error:
            if opened is not None:
                opened.close()
            if not is_outcome(error):
                raise
            headers: dict[str, str] = {}
            if isinstance(error, RangeNotSatisfiableError) and opened is not None:
                headers["content-range"] = f"bytes */{opened.size}"
            return await errors.respond(
                error,
                scope,
                send,
                where=name,
                http=wire.http,
                trace_id=wire.trace_id,
                headers=headers,
            )
        with closing(opened):
            if part is None:
                return await send_answer(send, answer, answer.status, None)
            return await send_file(receive, send, opened, answer, part=part, method=scope["method"])

    return handle


def answered(
    file: FileAnswer, opened: OpenFile, wire: HttpWire, status: int
) -> tuple[Answer, ByteRange | None]:
    """Status and headers of the answer, and what is sent of the file; None: nothing.

    Raises:
        PreconditionFailedError: The request is for another version.
        RangeNotSatisfiableError: The request is for bytes that are not there.
    """
    headers = request_headers(wire.scope)
    validators, method = opened.validators, wire.scope["method"]
    part: ByteRange | None = ByteRange(0, opened.size)
    fields: list[Header] = [
        (b"etag", header_value(validators.etag)),
        (b"last-modified", validators.last_modified.encode()),
    ]
    status, added = with_http(status, [], wire.http)
    validators = with_headers(validators, added)
    if status == 200:
        verdict = judge(headers, validators, reads=method in {"GET", "HEAD"})
        if verdict == "failed":
            raise PreconditionFailedError
        if verdict == "not modified":
            status, part = 304, None
        elif method == "GET" and "range" in headers and range_holds(headers, validators):
            try:
                asked = parse_range(headers["range"], opened.size)
            except UnsatisfiableRangeError:
                raise RangeNotSatisfiableError from None
            if asked is not None:
                status, part = 206, asked
                of = f"bytes {asked.start}-{asked.end - 1}/{opened.size}"
                fields.append((b"content-range", of.encode()))
    if part is not None:
        fields.append((b"accept-ranges", b"bytes"))
        fields.append((b"content-type", header_value(file.content_type)))
        if file.disposition is not None:
            fields.append((b"content-disposition", file.disposition.encode("latin-1")))
    replaced = {name for name, _ in added}
    kept = [one for one in fields if one[0] not in replaced]
    return Answer(status, (*kept, *added), b""), part


async def send_file(
    receive: Receive,
    send: Send,
    opened: OpenFile,
    answer: Answer,
    *,
    part: ByteRange,
    method: str,
) -> None:
    """Sends a part of a file, and no more than is said in `Content-Length` should it grow meanwhile."""
    size = part.end - part.start
    headers = [*answer.headers, (b"content-length", b"%d" % size)]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if method == "HEAD" or not size:
        return await send({"type": "http.response.body", "body": b""})
    opened.seek(part.start)
    if size <= PART:
        return await _send_bytes(send, opened, size, None)
    leaving = asyncio.create_task(left(receive))
    try:
        return await _send_bytes(send, opened, size, leaving)
    finally:
        leaving.cancel()


async def _send_bytes(
    send: Send, opened: OpenFile, size: int, leaving: asyncio.Task[None] | None
) -> None:
    """Sends so many bytes; no more of them once the client has left, who takes without end what is thrown away."""
    while size and not (leaving is not None and leaving.done()):
        body = await opened.read(min(PART, size))
        if not body:
            return  # It was cut short meanwhile; the server closes the connection of what is too short.
        size -= len(body)
        await send({"type": "http.response.body", "body": body, "more_body": size > 0})


async def left(receive: Receive) -> None:
    """Returns when the client has left."""
    is_complete = False
    while (message := await receive())["type"] != "http.disconnect":
        if is_complete:  # Middleware gives the body that it has read, for ever and without waiting.
            await asyncio.Event().wait()
        is_complete = not message.get("more_body", False)
