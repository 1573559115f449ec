"""Bodies that are taken as they are, whatever their content type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pikku_core import FieldError, InvalidDataError
from pikku_http.http.answer import alternatives
from pikku_http.http.bodies.stream import BodyStream
from pikku_http.http.bodies.upload import OCTETS, UploadFile
from pikku_http.http.body import body_parts, header_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pikku_http.http.asgi import Receive, Scope, Send
    from pikku_http.http.bodies.limits import BodyLimits
    from pikku_http.http.bodies.spool import Spool
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle

ReadRaw: TypeAlias = "Callable[[Scope, Receive], Awaitable[Any]]"

SPOOL: Final = "pikku.spool"
"""Where the scope of a request has the `Spool` of its files."""

RAW: Final = frozenset({bytes, BodyStream, UploadFile})
"""What a body that is taken as it is can become."""


def raw_type(type_: Any) -> type | None:
    """What a body that is a function's data becomes where it is taken as it is; None where it is read as JSON."""
    found = [one for one in alternatives(type_) if one is not type(None)]
    return found[0] if len(found) == 1 and found[0] in RAW else None


def raw_reader(
    kind: type, limits: BodyLimits, *, most: int | None = None, place: tuple[str, ...] = ()
) -> ReadRaw:
    """Reads a body as one of `RAW`.

    Args:
        most: The largest size of an upload; None: as large as the body may be.
        place: The field that takes it; empty: it is all of the data.
    """

    async def read_bytes(scope: Scope, receive: Receive) -> bytes:
        body = bytearray()
        async for part in body_parts(scope, receive, limits.body):
            body += part
        return bytes(body)

    async def read_stream(scope: Scope, receive: Receive) -> BodyStream:
        return BodyStream(
            body_parts(scope, receive, limits.body), content_type=content_type_of(scope)
        )

    async def read_upload(scope: Scope, receive: Receive) -> UploadFile:
        spool: Spool = scope[SPOOL]
        upload = spool.begin("", content_type_of(scope) or OCTETS)
        async for part in body_parts(scope, receive, limits.body):
            spool.write(upload, part)
            if most is not None and upload.size > most:
                raise upload_too_large(place, most)
            await spool.flush()
        await spool.finish()
        return upload

    if kind is UploadFile:
        return read_upload
    return read_stream if kind is BodyStream else read_bytes


def upload_too_large(place: tuple[str, ...], most: int) -> InvalidDataError:
    """The error of an upload that is larger than its type says, before all of it has come."""
    message = f"The file is larger than {most} bytes"
    return InvalidDataError([FieldError(place, "upload_too_large", message)])


def content_type_of(scope: Scope) -> str:
    """The content type of a request; empty where it says none."""
    return header_of(scope, b"content-type").decode("latin-1")


def spooled(handle: Handle, limits: BodyLimits) -> Handle:
    """Gives each request a `Spool`, which is gone when the request has been answered."""
    from pikku_http.http.bodies.spool import Spool

    async def handle_spooled(scope: Scope, receive: Receive, send: Send, values: Values) -> None:
        spool = Spool(limits.memory)
        try:
            scope[SPOOL] = spool
            await handle(scope, receive, send, values)
        finally:
            await spool.close()

    return handle_spooled
