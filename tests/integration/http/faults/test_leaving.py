"""Clients that leave, wholly or by half."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

import pytest
from tests.integration.http.faults.conftest import (
    HELLO,
    NOTE,
    POST,
    answer,
    answers,
    closed,
)

if TYPE_CHECKING:
    from tests.integration.http.conftest import Server

WHOLE = POST + b"content-length: 12\r\n\r\n" + NOTE


def get(server: Server, path: str) -> bytes:
    """The body of an answer."""
    request = f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    return answer(server.exchange(request.encode())).body


def reset(connection: socket.socket) -> None:
    """Ends a connection so that the other side is told at once, and loses what it has not read."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_a_client_that_shuts_its_side_after_a_request_gets_its_answer(patient: Server) -> None:
    assert answer(patient.exchange(WHOLE, then_half_close=True)).body == b'["a",null]'


def test_it_gets_it_though_it_takes_time(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(b"GET /hold/half HTTP/1.1\r\nhost: x\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        get(patient, "/release/half")
        assert answer(closed(connection)).body == b'"half"'


def test_a_short_stream_arrives_whole(patient: Server) -> None:
    request = b"GET /count?end=3 HTTP/1.1\r\nhost: x\r\n\r\n"
    assert patient.exchange(request, then_half_close=True).endswith(b"0\r\n\r\n")


def test_a_file_arrives_whole(patient: Server) -> None:
    request = b"GET /named-file?text=a HTTP/1.1\r\nhost: x\r\n\r\n"
    found = answer(patient.exchange(request, then_half_close=True))
    assert len(found.body) == int(found.headers["content-length"])


def test_a_row_of_requests_is_ended_by_shutting_the_side(patient: Server) -> None:
    found = patient.exchange(HELLO, then_half_close=True)
    assert [one.status for one in answers(found)] == [200]
    assert patient.alive()


def test_a_stream_without_end_does_not_go_on_for_who_has_shut_its_side(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(b"GET /hang/half HTTP/1.1\r\nhost: x\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        assert get(patient, "/end/half") == b'"CancelledError"'
        assert closed(connection).endswith(b"2\r\n0\n\r\n")


@pytest.mark.parametrize("request_bytes", [b"", HELLO[:20], WHOLE[:-3]])
def test_half_a_request_is_not_answered(patient: Server, request_bytes: bytes) -> None:
    assert patient.exchange(request_bytes, then_half_close=True) == b""
    assert patient.alive()


@pytest.mark.parametrize("leave", [reset, socket.socket.close])
def test_leaving_in_a_request_harms_nobody(patient: Server, leave: object) -> None:
    assert callable(leave)
    for part in (b"", HELLO[:20], HELLO[:-2], POST + b"content-length: 100\r\n\r\n" + NOTE, WHOLE):
        connection = patient.connect()
        connection.sendall(part)
        leave(connection)
    assert patient.alive()


@pytest.mark.parametrize("leave", [reset, socket.socket.close])
@pytest.mark.parametrize("stream", ["hang", "flood"])
def test_leaving_in_a_stream_ends_it(patient: Server, stream: str, leave: object) -> None:
    assert callable(leave)
    name = f"{stream}-{getattr(leave, '__name__', '')}"
    connection = patient.connect()
    connection.sendall(f"GET /{stream}/{name} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    assert connection.recv(100).startswith(b"HTTP/1.1 200")
    leave(connection)
    assert get(patient, f"/end/{name}") in {b'"CancelledError"', b'"GeneratorExit"'}
