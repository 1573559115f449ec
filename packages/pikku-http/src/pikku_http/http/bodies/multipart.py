"""Forms as `multipart/form-data` (RFC 7578): read part by part, with a bound on everything that a client chooses."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from pikku_core import (
    BadRequestError,
    FieldError,
    InvalidDataError,
    PayloadTooLargeError,
    UnsupportedMediaTypeError,
)
from pikku_http.http.bodies.form_fields import add
from pikku_http.http.bodies.raw import upload_too_large
from pikku_http.http.bodies.upload import OCTETS, media_type
from pikku_http.http.body import is_utf_8

if TYPE_CHECKING:
    from pikku_http.http.bodies.form_fields import FormFields
    from pikku_http.http.bodies.limits import BodyLimits
    from pikku_http.http.bodies.spool import Spool
    from pikku_http.http.bodies.upload import UploadFile

EXTENDED: Final = re.compile(rb"""(?i);\s*filename\*\s*=\s*utf-8'[^']*'([^;\s"]+)""")
QUOTED: Final = re.compile(rb'"(?:\\.|[^"\\])*"')
ONCE: Final = frozenset({b"content-disposition", b"content-type", b"content-transfer-encoding"})
IDENTITY: Final = frozenset({"", "7bit", "8bit", "binary"})

SILENT: Final = logging.getLogger("pikku.http.multipart")
"""The parser warns of what clients do wrong, which is theirs to know, and no news for a log."""
SILENT.setLevel(logging.CRITICAL + 1)


class MultipartForm:
    """Takes a form apart while it arrives.

    Args:
        content_type: The header of the request, whose boundary parts the form.
        fields: Which names are uploads.
        spool: Where these go.

    Raises:
        BadRequestError: The boundary is missing or too long.
    """

    def __init__(
        self, content_type: bytes, fields: FormFields, limits: BodyLimits, spool: Spool
    ) -> None:
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise BadRequestError("The form has no boundary.")
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers_end,
                    "on_part_data": self._data,
                    "on_part_end": self._end,
                    "on_end": self._over,
                },
            )
        except FormParserError:
            raise BadRequestError("The boundary of the form is too long.") from None
        self._parser.logger = SILENT
        self._fields = fields
        self._limits = limits
        self._spool = spool
        self._count = {"fields": 0, "files": 0}
        self._text_size = 0
        self._is_over = False
        self._delimiter = b"\r\n--" + boundary
        self._ended = 0
        self._values: dict[str, Any] = {}
        self._begin()

    def feed(self, chunk: bytes) -> None:
        """Reads on.

        Raises:
            BadRequestError: It is not well-formed.
            InvalidDataError: Something in it is not as the fields ask for.
            PayloadTooLargeError: There is too much of something.
            UnsupportedMediaTypeError: A part is encoded in a way that forms no longer have.
        """
        ended = self._ended
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise _malformed() from None
        # No content holds its boundary (RFC 2046, 5.1.1), and looking at each takes the parser a hundred times longer
        # than content does. The last one may go on in the next chunk.
        if not self._is_over and chunk.count(self._delimiter) > self._ended - ended + 1:
            raise _malformed()

    def end(self) -> dict[str, Any]:
        """What was in it, by field: texts and uploads, a list of them where there are several.

        Raises:
            BadRequestError: It was cut short.
        """
        if not self._is_over:
            raise BadRequestError("The form ends before its last boundary.")
        return self._values

    def _begin(self) -> None:
        self._headers: dict[bytes, bytes] = {}
        self._header = (b"", b"")
        self._name = ""
        self._key = ""
        self._text = bytearray()
        self._upload: UploadFile | None = None

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0] + data[start:end], b"")

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0], self._header[1] + data[start:end])

    def _header_end(self) -> None:
        name, value = self._header
        name = name.lower()
        if name in ONCE and name in self._headers:
            raise BadRequestError("A part of the form has a header twice.")
        self._headers[name] = value
        self._header = (b"", b"")

    def _headers_end(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"")
        kind, options = parse_options_header(disposition)
        if kind != b"form-data" or b"name" not in options:
            raise BadRequestError("A part of the form has no name.")
        self._name = _unescaped(options[b"name"])
        self._key = self._fields.names.get(self._name, self._name)
        encoding = self._headers.get(b"content-transfer-encoding", b"").decode("latin-1")
        if encoding.strip().lower() not in IDENTITY:
            raise UnsupportedMediaTypeError("A part of the form has a transfer encoding.")
        filename = options.get(b"filename", _extended(disposition))
        content_type = self._headers.get(b"content-type", b"").decode("latin-1")
        if self._key in self._fields.uploads:
            self._one_more("files", self._limits.files)
            name = _unescaped(filename or b"")
            self._upload = self._spool.begin(name, content_type or OCTETS)
        elif filename is not None:
            raise _refused(self._name, "unexpected_file", "No file is expected here.")
        else:
            self._one_more("fields", self._limits.fields)
            self._grow(len(self._name))
            self._check_text(content_type)

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = data[start:end]
        if self._upload is None:
            self._grow(len(part))
            self._text += part
            return
        self._spool.write(self._upload, part)
        limit = self._fields.uploads[self._key].limit
        if limit is not None and self._upload.size > limit:
            raise upload_too_large((self._name,), limit)

    def _end(self) -> None:
        self._ended += 1
        if self._upload is not None:
            self._add_upload(self._upload)
            return
        try:
            text = self._text.decode()
        except UnicodeDecodeError:
            raise _refused(self._name, "invalid_text", "The text is no UTF-8.") from None
        self._fields.add_text(self._values, self._name, text)

    def _over(self) -> None:
        self._is_over = True

    def _add_upload(self, upload: UploadFile) -> None:
        """A browser sends a file that nobody chose as one without a name and without bytes."""
        is_none = not upload.filename and not upload.size
        if self._fields.uploads[self._key].many:
            files = self._values.setdefault(self._key, [])
            files += [] if is_none else [upload]
        elif not is_none:
            add(self._values, self._key, upload)

    def _one_more(self, what: str, limit: int) -> None:
        self._count[what] += 1
        if self._count[what] > limit:
            raise PayloadTooLargeError(f"The form has more than {limit} {what}.")

    def _grow(self, size: int) -> None:
        self._text_size += size
        if self._text_size > self._limits.fields_size:
            raise texts_too_large(self._limits.fields_size)

    def _check_text(self, content_type: str) -> None:
        if media_type(content_type).startswith("multipart/") or not is_utf_8(content_type):
            raise UnsupportedMediaTypeError(
                "A field of the form is no text in UTF-8, which is the only kind that is read."
            )


def texts_too_large(limit: int) -> PayloadTooLargeError:
    """The error of a form whose fields that are no files have too many bytes."""
    return PayloadTooLargeError(f"The fields of the form are larger than {limit} bytes.")


def _malformed() -> BadRequestError:
    return BadRequestError("The form is no well-formed multipart/form-data.")


def _refused(name: str, code: str, message: str) -> InvalidDataError:
    return InvalidDataError([FieldError((name,), code, message)])


def _unescaped(name: bytes) -> str:
    """A name as it was before a browser put it into quotes (WHATWG HTML, multipart/form-data encoding)."""
    for escape, plain in ((b"%22", b'"'), (b"%0D", b"\r"), (b"%0A", b"\n")):
        name = name.replace(escape, plain)
    return name.decode(errors="replace")


def _extended(disposition: bytes) -> bytes | None:
    """The `filename*` (RFC 8187) of a part that has no `filename`: RFC 7578, 4.2, wants none, and some clients send it."""
    found = EXTENDED.search(QUOTED.sub(b'""', disposition))
    return unquote_to_bytes(found[1]) if found else None
