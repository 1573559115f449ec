"""Bodies that are forms, as browsers send them (WHATWG HTML, form submission)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from pikku_core import BadRequestError, PayloadTooLargeError, UnsupportedMediaTypeError
from pikku_http.http.bodies.multipart import MultipartForm, texts_too_large
from pikku_http.http.bodies.upload import media_type
from pikku_http.http.body import body_parts, header_of, is_utf_8
from pikku_http.http.observe.request import printable

if TYPE_CHECKING:
    from pikku_http.http.asgi import Receive, Scope
    from pikku_http.http.bodies.form_fields import FormFields
    from pikku_http.http.bodies.limits import BodyLimits
    from pikku_http.http.bodies.spool import Spool

JSON: Final = "application/json"
URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"

ENCODED: Final = 3
"""How many bytes one of a text takes at most: `%C3`. What is counted is what they stand for."""


async def read_form(
    scope: Scope, receive: Receive, fields: FormFields, limits: BodyLimits, spool: Spool
) -> dict[str, Any]:
    """The values of a form, by key: texts and uploads, a list of them where there are several.

    Raises:
        BadRequestError: It is not well-formed, or was cut short.
        ClientDisconnectedError: The client left in the middle of it.
        InvalidDataError: Something in it is not as the fields ask for.
        PayloadTooLargeError: There is too much of something.
        UnsupportedMediaTypeError: It is no form of a kind that these fields take.
    """
    header = header_of(scope, b"content-type")
    kind = form_kind(header)
    if kind == MULTIPART:
        form = MultipartForm(header, fields, limits, spool)
        async for part in body_parts(scope, receive, limits.body):
            form.feed(part)
            await spool.flush()
        values = form.end()
        await spool.finish()
        return values
    if kind == URLENCODED and not fields.uploads:
        return await _read_urlencoded(scope, receive, fields, limits, header)
    if not kind:
        async for _ in body_parts(scope, receive, limits.body):
            break
        else:
            return {}
    raise unsupported(kind, MULTIPART if fields.uploads else f"{URLENCODED} or {MULTIPART}")


def unsupported(kind: str, wanted: str) -> UnsupportedMediaTypeError:
    """The error of a body of a kind that is not read."""
    given = f'The content type "{printable(kind)}" is not supported'
    return UnsupportedMediaTypeError(
        f"{given if kind else 'The body has no content type'}: send {wanted}."
    )


def form_kind(content_type: bytes) -> str:
    """The content type of a body, without its parameters; empty where it says none."""
    return media_type(content_type.decode("latin-1"))


async def _read_urlencoded(
    scope: Scope, receive: Receive, fields: FormFields, limits: BodyLimits, content_type: bytes
) -> dict[str, Any]:
    if not is_utf_8(content_type.decode("latin-1")):
        raise UnsupportedMediaTypeError("The form is no UTF-8, which is the only charset of one.")
    body = bytearray()
    async for part in body_parts(scope, receive, limits.body):
        body += part
        if len(body) > ENCODED * limits.fields_size + 2 * limits.fields:
            raise texts_too_large(limits.fields_size)
    if body.count(b"&") >= limits.fields:
        raise PayloadTooLargeError(f"The form has more than {limits.fields} fields.")
    values: dict[str, Any] = {}
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise BadRequestError("The form is not valid UTF-8 once it is decoded.") from None
    if sum(len(name.encode()) + len(text.encode()) for name, text in pairs) > limits.fields_size:
        raise texts_too_large(limits.fields_size)
    for name, text in pairs:
        fields.add_text(values, name, text)
    return values
