"""Forms as multipart/form-data: taken apart however they arrive, and refused where they are none."""

from __future__ import annotations

import logging
import re
import tracemalloc
from email.parser import BytesParser
from email.policy import HTTP
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core import (
    BadRequestError,
    InvalidDataError,
    PayloadTooLargeError,
    PikkuError,
    UnsupportedMediaTypeError,
)
from pikku_http.http.bodies.form_fields import FormFields, UploadField
from pikku_http.http.bodies.limits import BodyLimits
from pikku_http.http.bodies.multipart import MultipartForm
from pikku_http.http.bodies.spool import Spool
from pikku_http.http.bodies.upload import UploadFile

if TYPE_CHECKING:
    from collections.abc import Iterable

BOUNDARY = b"form"
HEADER = b"multipart/form-data; boundary=" + BOUNDARY
FIELDS = FormFields(
    {},
    {
        "file": UploadField(many=False, limit=None),
        "files": UploadField(many=True, limit=None),
        "small": UploadField(many=False, limit=3),
    },
)
LIMITS = BodyLimits()


def part(name: bytes, content: bytes, *, more: bytes = b"") -> bytes:
    """A part of a form, with its boundary before it; `more` follows the name."""
    head = b'Content-Disposition: form-data; name="%b"%b\r\n' % (name, more)
    return b"--%b\r\n%b\r\n%b\r\n" % (BOUNDARY, head, content)


def file(name: bytes, content: bytes, filename: bytes = b"a.txt") -> bytes:
    return part(name, content, more=b'; filename="%b"\r\nContent-Type: text/plain' % filename)


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--%b--\r\n" % BOUNDARY


def parse(
    pieces: Iterable[bytes], limits: BodyLimits = LIMITS, header: bytes = HEADER
) -> dict[str, Any]:
    """Reads a form that comes in pieces; an upload as its name and its content."""
    parsed = MultipartForm(header, FIELDS, limits, Spool(1_000_000))
    for piece in pieces:
        parsed.feed(piece)
    return {key: shown(value) for key, value in parsed.end().items()}


def shown(value: Any) -> Any:
    if isinstance(value, list):
        return [shown(one) for one in cast("Iterable[Any]", value)]
    if isinstance(value, UploadFile):
        value.file.seek(0)
        return value.filename, value.file.read()
    return value


def test_fields_and_files_are_told_apart() -> None:
    body = form(part(b"text", b"caf\xc3\xa9"), file(b"file", b"\x00\xff"), part(b"text", b""))
    assert parse([body]) == {"text": ["café", ""], "file": ("a.txt", b"\x00\xff")}


def test_an_empty_form_has_nothing_in_it() -> None:
    assert parse([form()]) == {}


def test_a_field_that_is_declared_as_a_file_is_one_however_it_is_sent() -> None:
    assert parse([form(part(b"file", b"text"))]) == {"file": ("", b"text")}


def test_a_file_that_nobody_chose_is_none() -> None:
    body = form(file(b"file", b"", b""), file(b"files", b"", b""))
    assert parse([body]) == {"files": []}


def test_an_empty_file_with_a_name_is_a_file() -> None:
    assert parse([form(file(b"file", b""))]) == {"file": ("a.txt", b"")}


def test_several_files_of_one_name_are_a_list() -> None:
    body = form(file(b"files", b"1"), file(b"files", b"2"))
    assert parse([body]) == {"files": [("a.txt", b"1"), ("a.txt", b"2")]}


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b'; filename="a.txt"', "a.txt"),
        (b"; filename=a.txt", "a.txt"),
        (b'; filename="../../etc/passwd"', "passwd"),
        (b'; filename="C:\\\\Users\\\\ada\\\\a.txt"', "a.txt"),
        (b'; filename="a%22b;c.txt"', 'a"b;c.txt'),
        (b'; filename="caf\xc3\xa9.txt"', "café.txt"),
        (b'; filename="caf\xe9.txt"', "caf\N{REPLACEMENT CHARACTER}.txt"),
        (b'; filename="a\x00%0D%0Ab.txt"', "ab.txt"),
        (b'; filename=".."', ""),
        (b"; filename*=UTF-8''caf%C3%A9.txt", "café.txt"),
        (b"; filename*=utf-8'en'..%2Fa.txt", "a.txt"),
        # RFC 7578 wants no `filename*`: it must not hide what others read.
        (b"; filename=\"a.txt\"; filename*=UTF-8''b.txt", "a.txt"),
        (b"; filename*=UTF-8''b.txt; filename=\"a.txt\"", "a.txt"),
    ],
)
def test_a_file_has_a_name_without_a_path(disposition: bytes, name: str) -> None:
    body = form(part(b"file", b"x", more=disposition))
    assert parse([body]) == {"file": (name, b"x")}


def test_a_name_in_quotes_is_no_parameter() -> None:
    name = b"a; filename*=UTF-8''b.txt"
    assert parse([form(part(name, b"x"))]) == {name.decode(): "x"}


@pytest.mark.parametrize("name", ["__proto__", "__class__", "a\x00b", "a[b]", "a.b", "", "ключ"])
def test_a_name_is_only_a_name(name: str) -> None:
    assert parse([form(part(name.encode(), b"x"))]) == {name: "x"}


# Contents that come close to a boundary, and names that are not simple.
CONTENT = st.lists(
    st.one_of(
        st.sampled_from([b"\r", b"\n", b"-", b"--", b"\r\n--", b"form", b"\r\n--for", b"\x00"]),
        st.binary(max_size=8),
    ),
    max_size=12,
).map(b"".join)
PARTS = st.lists(
    st.tuples(st.sampled_from([b"a", b"b", b"file", b"files"]), CONTENT), min_size=1, max_size=6
).filter(lambda parts: all(b"\r\n--form" not in b"\r\n" + content for _, content in parts))


def written(parts: list[tuple[bytes, bytes]]) -> bytes:
    return form(
        *(
            file(name, content) if name.startswith(b"file") else part(name, content)
            for name, content in parts
        )
    )


def outcome(pieces: Iterable[bytes]) -> Any:
    try:
        return parse(pieces)
    except PikkuError as error:
        return type(error), str(error)


@given(PARTS, st.lists(st.integers(0, 600), max_size=20))
def test_however_a_form_is_cut_it_is_the_same(
    parts: list[tuple[bytes, bytes]], cuts: list[int]
) -> None:
    body = written(parts)
    places = [0, *sorted(cut for cut in cuts if cut < len(body)), len(body)]
    pieces = [body[start:end] for start, end in pairwise(places)]
    whole = outcome([body])
    assert outcome(pieces) == whole
    assert outcome(bytes([byte]) for byte in body) == whole


@given(PARTS)
def test_a_form_holds_what_splitting_it_gives(parts: list[tuple[bytes, bytes]]) -> None:
    found: dict[bytes, list[bytes]] = {}
    for piece in (b"\r\n" + written(parts)).split(b"\r\n--form")[1:-1]:
        head, _, content = piece.partition(b"\r\n\r\n")
        name = re.findall(rb'name="([^"]*)"', head)[0]
        found.setdefault(name, []).append(content)
    read: Any = outcome([written(parts)])
    if isinstance(read, tuple):
        assert read[0] is InvalidDataError  # A text is no UTF-8.
        return
    for name, contents in found.items():
        value = read[name.decode()]
        values = cast("Iterable[Any]", value if isinstance(value, list) else [value])
        assert [one[1] if isinstance(one, tuple) else one.encode() for one in values] == contents


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.text("ab é\t-=", max_size=20))))
def test_a_form_holds_what_a_parser_of_mail_finds(parts: list[tuple[str, str]]) -> None:
    body = form(*(part(name.encode(), text.encode()) for name, text in parts))
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: %b\r\n\r\n%b" % (HEADER, body))
    found: dict[str, list[str]] = {}
    for one in message.iter_parts() if parts else ():
        payload = one.get_payload(decode=True)
        assert isinstance(payload, bytes)
        name = str(one.get_param("name", header="content-disposition"))
        found.setdefault(name, []).append(payload.decode())
    read = parse([body])
    assert {k: v if isinstance(v, list) else [v] for k, v in read.items()} == found


@given(st.binary(max_size=300), st.integers(0, 300))
def test_no_bytes_are_an_error_of_the_server(noise: bytes, at: int) -> None:
    body = form(part(b"a", b"1"), file(b"file", b"2"))
    for damaged in (noise, body[:at] + noise + body[at:], body[:at] + noise):
        read = outcome([damaged])
        assert isinstance(read, dict) or issubclass(read[0], PikkuError)
        assert isinstance(read, dict) or read[0].status < 500


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form",
        b"--other\r\n\r\n",
        b"--form\r\n",
        form(part(b"a", b"1"))[:-8],
        part(b"a", b"1"),
        b"--form\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
        b"--form\nContent-Disposition: form-data; name=a\n\nx\n--form--",
        b"--form\r\n: no name\r\n\r\nx\r\n--form--",
        b"--form\r\n\r\nno header\r\n--form--",
        b"--form\r\nContent-Disposition: form-data\r\n\r\nx\r\n--form--",
        b"--form\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--form--",
        form(part(b"a", b"x", more=b"\r\nContent-Disposition: form-data; name=b")),
        b"--form\r\nX: %b\r\n\r\nx\r\n--form--" % (b"x" * 100_000),
        b"--form\r\n%b\r\nx\r\n--form--" % (b"X: y\r\n" * 100),
    ],
)
def test_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequestError):
        parse([body])


@pytest.mark.parametrize(
    "header",
    [
        b"multipart/form-data",
        b"multipart/form-data; boundary=",
        b'multipart/form-data; boundary=""',
        b"multipart/form-data; boundary=" + b"x" * 10_000,
    ],
)
def test_a_form_without_a_usable_boundary_is_refused(header: bytes) -> None:
    with pytest.raises(BadRequestError, match="boundary"):
        parse([form()], header=header)


@pytest.mark.parametrize(
    "more",
    [
        b"\r\nContent-Type: text/plain; charset=utf-7",
        b"\r\nContent-Type: text/plain; charset=iso-8859-1",
        b"\r\nContent-Type: text/plain; charset=idna",
        b"\r\nContent-Type: multipart/mixed; boundary=inner",
        b"\r\nContent-Transfer-Encoding: base64",
        b"\r\nContent-Transfer-Encoding: quoted-printable",
    ],
)
def test_a_field_that_is_no_plain_text_is_refused(more: bytes) -> None:
    with pytest.raises(UnsupportedMediaTypeError):
        parse([form(part(b"a", b"x", more=more))])


def test_a_field_that_is_no_utf_8_is_refused_by_name() -> None:
    with pytest.raises(InvalidDataError) as raised:
        parse([form(part(b"a", b"\xff"))])
    (fault,) = raised.value.details
    assert (fault.location, fault.code) == (("a",), "invalid_text")


def test_a_file_where_none_is_expected_is_refused_before_its_content() -> None:
    begun = file(b"other", b"")[: -len(b"\r\n")]
    with pytest.raises(InvalidDataError) as raised:
        parse([begun])
    (fault,) = raised.value.details
    assert (fault.location, fault.code) == (("other",), "unexpected_file")


def test_a_file_that_is_too_large_is_refused_while_it_comes() -> None:
    assert parse([form(file(b"small", b"123"))]) == {"small": ("a.txt", b"123")}
    with pytest.raises(InvalidDataError) as raised:
        parse([file(b"small", b"1234")])
    (fault,) = raised.value.details
    assert (fault.location, fault.code) == (("small",), "upload_too_large")


@pytest.mark.parametrize(
    ("limits", "body", "words"),
    [
        (BodyLimits(fields=2), form(*[part(b"a", b"")] * 3), "more than 2 fields"),
        (LIMITS, form(*[part(b"a", b"")] * 10_000), "more than 1000 fields"),
        (BodyLimits(files=2), form(*[file(b"files", b"", b"")] * 3), "more than 2 files"),
        (LIMITS, form(*[file(b"files", b"")] * 10_000), "more than 100 files"),
        (BodyLimits(fields_size=10), form(part(b"a", b"x" * 10)), "larger than 10 bytes"),
        (BodyLimits(fields_size=10), form(part(b"a" * 11, b"")), "larger than 10 bytes"),
        (BodyLimits(fields_size=5), form(*[part(b"a", b"xx")] * 2), "larger than 5 bytes"),
    ],
)
def test_too_much_of_anything_is_refused(limits: BodyLimits, body: bytes, words: str) -> None:
    with pytest.raises(PayloadTooLargeError, match=words):
        parse([body], limits)


def test_exactly_as_much_as_the_limits_allow_is_read() -> None:
    limits = BodyLimits(fields=2, files=1, fields_size=6)
    body = form(part(b"a", b"xx"), part(b"b", b"yy"), file(b"file", b"zzzzzzzz"))
    assert len(parse([body], limits)) == 3


def test_many_parts_take_no_memory_beyond_the_limit() -> None:
    body = form(*[part(b"a", b"")] * 100_000)
    tracemalloc.start()
    try:
        with pytest.raises(PayloadTooLargeError):
            parse(body[at : at + 65536] for at in range(0, len(body), 65536))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.parametrize("after", [b"X", b"\rX", b"-X"])
def test_content_that_is_full_of_boundaries_is_refused_with_its_first_chunk(after: bytes) -> None:
    begun = file(b"file", b"")[: -len(b"\r\n")]
    with pytest.raises(BadRequestError):
        parse([begun + (b"\r\n--form" + after) * 2])


def test_what_follows_the_last_boundary_is_left_alone() -> None:
    assert parse([form(part(b"a", b"1")), b"x" * 100_000]) == {"a": "1"}


def test_what_clients_do_wrong_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(BadRequestError):
        parse([b"--other\r\n"])
    assert caplog.records == []
