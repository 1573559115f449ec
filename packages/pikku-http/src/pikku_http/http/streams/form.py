"""What streams look like: JSON by lines, or bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pikku_core import DeclarationError
from pikku_http.http.answer import BYTES, NO_CONTENT, alternatives
from pikku_http.http.files.answer import FileAnswer
from pikku_http.http.redirect import Redirect
from pikku_http.http.streams.stream import StreamForm

if TYPE_CHECKING:
    from pikku_core.runtime.records import FunctionRecord
    from pikku_http.http.asgi import Header

NDJSON: Final[Header] = (b"content-type", b"application/x-ndjson")


def form_of(record: FunctionRecord, status: int) -> StreamForm:
    """How a generator function is answered: `bytes` as they are, anything else as a line of JSON each.

    Raises:
        DeclarationError: The status has no body, or the items are bytes among others, or redirects.
    """
    if status in NO_CONTENT:
        raise DeclarationError(
            f'The status {status} has no body, but the function "{record.id}" is a stream.'
        )
    items = frozenset(alternatives(record.result.type))
    if items & {Redirect, FileAnswer} or (bytes in items and len(items) > 1):
        raise DeclarationError(
            f'The items of "{record.id}" must be all bytes, or all something that is written as JSON.'
        )
    if bytes in items:
        return StreamForm(headers=(BYTES,), write=record.result.check_result)
    write_json = record.result.write_json

    def write_line(item: Any) -> bytes:
        return write_json(item) + b"\n"

    return StreamForm(headers=(NDJSON,), write=write_line)
