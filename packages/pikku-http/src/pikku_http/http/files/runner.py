"""From a request to a file: its parts are read by another thread while those before are sent."""

from __future__ import annotations

import asyncio
import os
import stat
from dataclasses import dataclass
from errno import ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR
from typing import IO, TYPE_CHECKING, Final

from pikku_core import NotFoundError, PikkuError, PreconditionFailedError
from pikku_core.runtime import is_outcome
from pikku_http.http.answer import Answer, Content, send_answer, with_http
from pikku_http.http.files.answer import FileAnswer
from pikku_http.http.files.conditions import Validators, judge, range_holds
from pikku_http.http.files.ranges import ByteRange, UnsatisfiableRangeError, parse_range
from pikku_http.http.header import header_value
from pikku_http.http.http import HttpWire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pikku_http.http.asgi import Header, Receive, Scope, Send
    from pikku_http.http.errors import ErrorResponder
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle
    from pikku_http.http.wiring import HttpWiring

ABSENT: Final = frozenset({None, ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP})
"""What says that there is no file of that name; an error of our own has no number."""
PART: Final = 256 * 1024
"""How many bytes are read at once."""


class RangeNotSatisfiableError(PikkuError):
    """416: the range that was asked for is not there."""

    status = 416
    code = "range_not_satisfiable"
    default_message = "The file has no such range."


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that is being answered with."""

    stream: IO[bytes]
    size: int
    validators: Validators


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
                opened.stream.close()
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
        with opened.stream:
            if part is None:
                return await send_answer(send, answer, answer.status, None)
            return await send_file(send, opened, answer, part, scope["method"])

    return handle


def open_file(answer: FileAnswer) -> OpenFile:
    """Opens a file.

    Raises:
        NotFoundError: There is no such file, or it is none that can be sent.
    """
    try:
        path = answer.resolve()
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - a pipe would wait for its writer
            raise NotFoundError
        stream = path.open("rb", buffering=0)
    except (OSError, ValueError) as error:  # A name with a null character is no value.
        if isinstance(error, OSError) and error.errno not in ABSENT:
            raise
        raise NotFoundError from error
    status = os.fstat(stream.fileno())
    etag = answer.etag or f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    return OpenFile(stream, status.st_size, Validators(etag, int(status.st_mtime)))


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
    send: Send, opened: OpenFile, answer: Answer, part: ByteRange, method: str
) -> None:
    """Sends a part of a file, and no more than is said in `Content-Length` should it grow meanwhile."""
    left = part.end - part.start
    headers = [*answer.headers, (b"content-length", b"%d" % left)]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if method == "HEAD" or not left:
        return await send({"type": "http.response.body", "body": b""})
    opened.stream.seek(part.start)
    while left:
        body = await asyncio.to_thread(opened.stream.read, min(PART, left))
        if not body:
            return None  # It was cut short meanwhile; the server closes the connection of what is too short.
        left -= len(body)
        await send({"type": "http.response.body", "body": body, "more_body": left > 0})
    return None


def request_headers(scope: Scope) -> dict[str, str]:
    """The headers of a request, several of one name joined by commas."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found
