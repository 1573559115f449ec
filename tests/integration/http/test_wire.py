"""What a server does with bytes that no good client sends."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

import pytest
from tests.integration.http.conftest import LIMIT, received

if TYPE_CHECKING:
    from tests.integration.http.conftest import Server

POST = b"POST /notes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n"


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def post(server: Server, body: bytes, *headers: bytes) -> bytes:
    length = b"content-length: %d\r\n" % len(body)
    head = POST + length + b"".join(header + b"\r\n" for header in headers)
    return server.exchange(head + b"\r\n" + body)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"text": "\xc3\x28"}',
        b'{"text": "a", "weight": NaN}',
        b'{"text": "a", "weight": Infinity}',
        b'{"text": "a", "password": "x"}',
        b"[" * 200_000,
        b'{"text": ' * 50_000,
        b"",
    ],
    ids=["cut", "utf-16", "utf-8", "nan", "infinity", "extra", "deep", "deep-objects", "empty"],
)
def test_a_bad_body_is_422_and_the_server_lives(server: Server, body: bytes) -> None:
    answer = post(server, body)
    assert status(answer) == 422, answer
    assert b'"details":[{"location":' in answer
    assert server.alive()


def test_a_body_that_says_that_it_is_too_large_is_413_before_it_is_sent(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(POST + b"content-length: %d\r\n\r\n" % (LIMIT + 1))
        assert status(connection.recv(65536)) == 413


def test_a_body_that_grows_too_large_is_413(server: Server) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with server.connect() as connection:
        connection.sendall(POST + b"transfer-encoding: chunked\r\n\r\n")
        for _ in range(LIMIT // 0x10000 + 1):
            connection.sendall(chunk)
        assert status(connection.recv(65536)) == 413
    assert server.alive()


def test_a_client_that_may_continue_is_told_so(server: Server) -> None:
    body = b'{"text": "a"}'
    with server.connect() as connection:
        connection.sendall(POST + b"content-length: 13\r\nexpect: 100-continue\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 100")
        connection.sendall(body)
        assert status(received(connection)) == 200


def test_a_client_that_would_send_too_much_is_not_told_to_continue(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(POST + b"content-length: 9999999\r\nexpect: 100-continue\r\n\r\n")
        assert status(connection.recv(65536)) == 413


@pytest.mark.parametrize(
    "content_type", [b"text/plain", b"application/json; charset=latin-1", b"\xff", b"a" * 5000]
)
def test_another_content_type_is_415(server: Server, content_type: bytes) -> None:
    head = POST.replace(b"application/json", content_type)
    answer = server.exchange(head + b'content-length: 13\r\n\r\n{"text": "a"}')
    assert status(answer) == 415


def test_a_body_that_comes_byte_by_byte_is_read(server: Server) -> None:
    with server.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in POST + b'content-length: 13\r\n\r\n{"text": "a"}':
            connection.sendall(bytes([byte]))
        assert status(received(connection)) == 200


def test_a_client_that_half_closes_still_gets_its_answer_or_is_let_go(server: Server) -> None:
    whole = POST + b'content-length: 13\r\n\r\n{"text": "a"}'
    answer = server.exchange(whole, then_half_close=True)
    assert answer == b"" or status(answer) == 200
    assert server.alive()


def test_a_body_that_is_cut_off_harms_nobody(server: Server) -> None:
    answer = server.exchange(POST + b'content-length: 100\r\n\r\n{"te', then_half_close=True)
    assert b" 500 " not in answer
    assert server.alive()


def test_a_client_that_resets_its_connection_harms_nobody(server: Server) -> None:
    for request in (
        POST + b'content-length: 100\r\n\r\n{"te',
        b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n",
    ):
        connection = server.connect()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(request)
        connection.close()
    assert server.alive()


def test_requests_in_a_row_are_answered_in_order(server: Server) -> None:
    hello = b"GET /hello HTTP/1.1\r\nhost: x\r\n\r\n"
    missing = b"GET /missing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    answer = server.exchange(
        hello
        + POST.replace(b"connection: close\r\n", b"")
        + b'content-length: 13\r\n\r\n{"text": "a"}'
        + missing
    )
    statuses = [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200", b"200", b"404"]


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /\xff HTTP/1.1",
        b"GET /files/%ff HTTP/1.1",
        b"GET /search?text=%ff HTTP/1.1",
        b"GET /hello HTTP/9.9",
        b"\x00\x01\x02",
        b"GET",
        b"GET http://[bad/ HTTP/1.1",
    ],
)
def test_a_request_that_is_none_is_400_and_the_server_lives(
    server: Server, request_line: bytes
) -> None:
    answer = server.exchange(request_line + b"\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert status(answer) == 400, answer
    assert server.alive()


def test_options_of_a_route_is_answered(server: Server) -> None:
    answer = server.exchange(b"OPTIONS /notes HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert status(answer) == 204
    assert b"allow: OPTIONS, POST\r\n" in answer
