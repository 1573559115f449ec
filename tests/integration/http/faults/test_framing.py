"""Where requests and answers begin and end (RFC 9112): nothing in between, nobody's request inside another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.http.faults.conftest import (
    HELLO,
    NOTE,
    POST,
    answer,
    answers,
    closed,
    next_answer,
)

if TYPE_CHECKING:
    from tests.integration.http.conftest import Server

CLOSE = b"connection: close\r\n\r\n"
LAST = HELLO[:-2] + CLOSE
GET = b"GET /hello HTTP/1.1\r\nhost: x\r\n"
CHUNKED = POST + b"connection: close\r\ntransfer-encoding: chunked\r\n\r\n"
CHUNKS = b"c\r\n" + NOTE + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "line",
    [
        *(b"GET /he\x00llo HTTP/1.1", b"GET /he\x01llo HTTP/1.1", b"GET /he\x7fllo HTTP/1.1"),
        *(b"GET\t/hello HTTP/1.1", b"GET  /hello HTTP/1.1 x", b"GET /he llo HTTP/1.1"),
        *(b"GET /hello HTTP/1.1\rx", b"GET /hello\nHTTP/1.1", b"GE\x00T /hello HTTP/1.1"),
        *(b"BREW /hello HTTP/1.1", b"get /hello HTTP/1.1", b"GET /hello HTTP/1.10"),
        *(b"GET /hello HTTP/3.0", b"GET /hello HTTQ/1.1", b"PRI * HTTP/2.0"),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_a_request_line_that_is_none_is_400(patient: Server, line: bytes) -> None:
    assert answer(patient.exchange(line + b"\r\nhost: x\r\n" + CLOSE)).status == 400


@pytest.mark.parametrize(
    "field",
    [
        *(b"x-a: a\x00b", b"x-a: a\x01b", b"x-a: a\x7fb", b"x-a: a\rb", b"x-a: a\nx-b: c"),
        *(b"x\x00a: a", b"x a: a", b"x-a : a", b": a", b"x-a", b"x(a: a", b"x-\xe9: a"),
        b"x-a: b\r\n folded",
    ],
)
def test_a_header_that_is_none_is_400(patient: Server, field: bytes) -> None:
    assert answer(patient.exchange(GET + field + b"\r\n" + CLOSE)).status == 400


def test_space_around_a_value_is_no_part_of_it(patient: Server) -> None:
    found = answer(patient.exchange(GET + b"x-echo:  a b\t \r\n" + CLOSE))
    assert found.headers["x-echo"] == "a b"


def test_lines_that_end_in_a_line_feed_alone_are_400(patient: Server) -> None:
    assert answer(patient.exchange(LAST.replace(b"\r\n", b"\n"))).status == 400


@pytest.mark.parametrize(
    "framing",
    [
        b"content-length: 12\r\ncontent-length: 13",
        b"content-length: 12\r\ncontent-length: 12",
        b"content-length: 12, 12",
        b"content-length: 12\r\ntransfer-encoding: chunked",
        b"transfer-encoding: chunked\r\ncontent-length: 12",
        b"transfer-encoding: chunked\r\ntransfer-encoding: identity",
        b"transfer-encoding: identity\r\ntransfer-encoding: chunked",
        b"transfer-encoding: chunked, chunked",
        b"transfer-encoding: chunked, identity",
        b"transfer-encoding: gzip, chunked",
        b"transfer-encoding: identity",
        b"transfer-encoding: xchunked",
        b"transfer-encoding: chunkedx",
        b"transfer-encoding : chunked",
        b"transfer-encoding: \x0bchunked",
        b'transfer-encoding: "chunked"',
        b"transfer-encoding:\r\n chunked",
        *(b"content-length: " + length for length in (b"+12", b"-1", b"0xc", b"1_2", b"1 2", b"")),
        b"content-length: 99999999999999999999999999",
    ],
)
def test_two_ways_to_frame_a_body_are_none(patient: Server, framing: bytes) -> None:
    inner = LAST
    found = patient.exchange(POST + framing + b"\r\n\r\n" + CHUNKS + inner)
    assert answer(found).status == 400, found
    assert patient.alive()


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"-1\r\n",
            b"0xc\r\n",
            b"zz\r\n",
            b"fffffffffffffffff\r\n",
            b"c \r\n",
            b"\r\n",
            b"+c\r\n",
        ),
        b"5\r\n" + NOTE + b"\r\n0\r\n\r\n",
        b"c\n" + NOTE + b"\n0\n\n",
        b"c\r\n" + NOTE + b"0\r\n\r\n",
        b"c;a\nb\r\n" + NOTE + b"\r\n0\r\n\r\n",
        b"c\r\n" + NOTE + b"\r\n0\r\nx y: z\r\n\r\n",
        b"c\r\n" + NOTE + b"\r\n0\r\nx-y: z\x00\r\n\r\n",
    ],
)
def test_a_chunk_that_is_none_is_400(patient: Server, body: bytes) -> None:
    assert answer(patient.exchange(CHUNKED + body)).status == 400
    assert patient.alive()


def test_chunks_may_have_extensions(patient: Server) -> None:
    found = answer(patient.exchange(CHUNKED + CHUNKS.replace(b"c\r\n", b"c;a=b\r\n", 1)))
    assert found.body == b'["a",null]'


@pytest.mark.parametrize("at_once", [True, False])
def test_fields_after_a_body_are_no_headers(patient: Server, *, at_once: bool) -> None:
    trailed = CHUNKED + CHUNKS[:-2] + b"x-smuggled: yes\r\nx-request-id: evil\r\n\r\n"
    cut = len(trailed) if at_once else len(CHUNKED)
    with patient.connect() as connection:
        connection.sendall(trailed[:cut])
        connection.sendall(trailed[cut:])
        assert next_answer(connection).body == b'["a",null]'


def test_a_body_of_a_route_that_takes_none_is_no_request(patient: Server) -> None:
    length = b"content-length: %d\r\n\r\n" % len(LAST)
    found = patient.exchange(GET + length + LAST + LAST)
    assert [one.status for one in answers(found)] == [200, 200]


def test_what_follows_the_last_request_is_not_answered(patient: Server) -> None:
    assert len(answers(patient.exchange(LAST + LAST))) == 1


@pytest.mark.parametrize("garbage", [b"\x00\x00", b"GET\r\n\r\n", GET + b"x\x00\r\n\r\n"])
def test_a_request_before_garbage_is_answered(patient: Server, garbage: bytes) -> None:
    assert answers(patient.exchange(HELLO * 3 + garbage))[0].body == b'"hello"'
    assert patient.alive()


def test_garbage_does_not_get_into_the_answer_before_it(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(b"GET /hold/garbage HTTP/1.1\r\nhost: x\r\n\r\n\x00\x00\x00")
        release = b"GET /release/garbage HTTP/1.1\r\nhost: x\r\n" + CLOSE
        assert answer(patient.exchange(release)).status == 204
        assert next_answer(connection).body == b'"garbage"'
        assert answer(closed(connection)).status == 400


def test_an_absolute_target_is_its_path(patient: Server) -> None:
    found = patient.exchange(b"GET http://other.test/hello HTTP/1.1\r\nhost: x\r\n" + CLOSE)
    assert answer(found).body == b'"hello"'


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"CONNECT example.test:443 HTTP/1.1", 400),
        (b"GET example.test:443 HTTP/1.1", 400),
        (b"GET hello HTTP/1.1", 400),
        (b"GET http:///hello HTTP/1.1", 400),
        (b"GET * HTTP/1.1", 404),
        (b"OPTIONS * HTTP/1.1", 404),
        (b"GET //hello HTTP/1.1", 404),
        (b"GET /%2e%2e/hello HTTP/1.1", 404),
    ],
)
def test_another_target_finds_no_route(patient: Server, line: bytes, status: int) -> None:
    assert answer(patient.exchange(line + b"\r\nhost: x\r\n" + CLOSE)).status == status
    assert patient.alive()


def test_an_old_client_is_answered_and_let_go(patient: Server) -> None:
    found = answer(patient.exchange(b"GET /hello HTTP/1.0\r\n\r\n"))
    assert (found.status, found.body) == (200, b'"hello"')
    assert found.headers["connection"] == "close"


def test_an_old_client_is_sent_no_chunks(patient: Server) -> None:
    found = answer(patient.exchange(b"GET /count?end=3 HTTP/1.0\r\n\r\n"))
    assert "transfer-encoding" not in found.headers
    assert found.body == b"0\n1\n2\n"


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_head_is_answered_without_a_body(patient: Server, version: bytes) -> None:
    head = patient.exchange(b"HEAD /hello HTTP/" + version + b"\r\nhost: x\r\n" + CLOSE)
    assert b"content-length: 7\r\n" in head
    assert head.endswith(b"\r\n\r\n")
    stream = patient.exchange(b"HEAD /count?end=3 HTTP/" + version + b"\r\nhost: x\r\n" + CLOSE)
    assert stream.endswith(b"\r\n\r\n")


def test_head_of_a_file_has_its_size_and_no_body(patient: Server) -> None:
    found = patient.exchange(b"HEAD /named-file?text=a HTTP/1.1\r\nhost: x\r\n" + CLOSE)
    assert int(answer(found).headers["content-length"]) > 0
    assert found.endswith(b"\r\n\r\n")


def test_what_has_no_content_has_no_body_and_no_length(patient: Server) -> None:
    found = answer(patient.exchange(b"DELETE /notes HTTP/1.1\r\nhost: x\r\n" + CLOSE))
    assert (found.status, found.body) == (204, b"")
    assert not {"content-length", "transfer-encoding"} & found.headers.keys()


def test_what_has_not_changed_has_no_body(patient: Server) -> None:
    request = b"GET /tagged-file?text=%22a%22 HTTP/1.1\r\nhost: x\r\nif-none-match: *\r\n" + CLOSE
    found = answer(patient.exchange(request))
    assert (found.status, found.body) == (304, b"")
    assert "transfer-encoding" not in found.headers


def test_a_client_that_expects_to_be_told_sends_its_body_when_it_is(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(POST + b"content-length: 12\r\nexpect: 100-continue\r\n\r\n")
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(NOTE)
        assert next_answer(connection).body == b'["a",null]'


@pytest.mark.parametrize(
    ("request_line", "status"),
    [(b"POST /none HTTP/1.1", 404), (b"PUT /notes HTTP/1.1", 405), (b"POST /hello HTTP/1.1", 200)],
)
def test_a_client_whose_body_nobody_wants_is_answered_at_once(
    patient: Server, request_line: bytes, status: int
) -> None:
    with patient.connect() as connection:
        head = b"\r\nhost: x\r\ncontent-length: 12\r\nexpect: 100-continue\r\n\r\n"
        connection.sendall(request_line + head)
        found = next_answer(connection)
        assert (found.status, found.headers["connection"]) == (status, "close")
        assert closed(connection) == b""  # What comes next may be the body, or another request.


def test_an_old_client_is_not_told_to_send_its_body(patient: Server) -> None:
    head = POST.replace(b"HTTP/1.1", b"HTTP/1.0") + b"expect: 100-continue\r\n"
    found = answer(patient.exchange(head + b"content-length: 12\r\n\r\n" + NOTE))
    assert (found.status, found.body) == (200, b'["a",null]')


def test_a_protocol_that_nobody_speaks_is_not_changed_to(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(GET + b"upgrade: h2c\r\nconnection: upgrade\r\n\r\n")
        assert next_answer(connection).body == b'"hello"'
        connection.sendall(HELLO)
        assert next_answer(connection).body == b'"hello"'
