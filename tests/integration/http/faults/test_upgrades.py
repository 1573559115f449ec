"""Connections that are to become something else (RFC 9110, 7.8)."""

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

H2C = b"connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n"
SOCKET = (
    b"GET /socket HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
    b"sec-websocket-key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\nsec-websocket-version: 13\r\n"
)


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_stays_one_though_its_head_asks_for_another_protocol(
    patient: Server, *, at_once: bool, chunked: bool
) -> None:
    framing = b"transfer-encoding: chunked" if chunked else b"content-length: 12"
    body = b"c\r\n" + NOTE + b"\r\n0\r\n\r\n" if chunked else NOTE
    head = POST + H2C + framing + b"\r\n\r\n"
    with patient.connect() as connection:
        if at_once:
            connection.sendall(head + body + HELLO)
        else:
            connection.sendall(head)
            assert patient.alive()
            connection.sendall(body)
            connection.sendall(HELLO)
        assert next_answer(connection).body == b'["a",null]'
        assert next_answer(connection).body == b'"hello"'


def test_a_request_in_such_a_body_is_none(patient: Server) -> None:
    inner = b"DELETE /notes HTTP/1.1\r\nhost: x\r\n\r\n"
    head = b"POST /hello HTTP/1.1\r\nhost: x\r\n" + H2C + b"content-length: %d\r\n\r\n" % len(inner)
    last = HELLO[:-2] + b"connection: close\r\n\r\n"
    assert [one.status for one in answers(patient.exchange(head + inner + last))] == [200, 200]


def test_a_row_of_such_requests_has_an_end(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall((HELLO[:-2] + H2C + b"\r\n") * 2_000)
        statuses = [one.status for one in answers(closed(connection))]
    assert statuses == [200] * 101 + [429]


def test_a_websocket_does_not_begin_in_the_answer_before_it(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(b"GET /hold/socket HTTP/1.1\r\nhost: x\r\n\r\n" + SOCKET + b"\r\n")
        assert patient.alive()
        release = b"GET /release/socket HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
        assert answer(patient.exchange(release)).status == 204
        first, last = answers(closed(connection))
    assert (first.body, last.status) == (b'"socket"', 400)


def test_what_follows_the_handshake_of_a_websocket_is_no_head(patient: Server) -> None:
    fields = b"x-large: " + b"a" * 7_000 + b"\r\n"
    with patient.connect() as connection:
        connection.sendall(SOCKET + fields * 4 + b"\r\n")
        assert patient.alive()
        connection.sendall(fields * 8)
        assert b" 431 " not in closed(connection)
    assert patient.alive()
