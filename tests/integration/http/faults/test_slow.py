"""Clients that take their time: each connection has an end, and whoever owes something is told so."""

from __future__ import annotations

import select
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.integration.http.faults.conftest import (
    HELLO,
    NOTE,
    POST,
    MiB,
    answer,
    closed,
    next_answer,
)

if TYPE_CHECKING:
    import socket

    from tests.integration.http.conftest import Server

STALLED = POST + b"content-length: 1000\r\n\r\n" + NOTE


def drip(connection: socket.socket, byte: bytes) -> bytes:
    """Sends a byte now and then until the server has had enough; returns what it says."""
    while not select.select([connection], [], [], 0.05)[0]:
        try:
            connection.sendall(byte)
        except (BrokenPipeError, ConnectionResetError):
            break
    return closed(connection)


def ends(server: Server, *requests: bytes) -> list[bytes]:
    """Sends each on a connection of its own, all at once; what comes back until the server closes them."""
    with ExitStack() as stack:
        connections = [stack.enter_context(server.connect()) for _ in requests]
        for connection, request in zip(connections, requests, strict=True):
            connection.sendall(request)
        return [closed(connection) for connection in connections]


def test_who_says_nothing_is_let_go(hasty: Server) -> None:
    assert ends(hasty, b"") == [b""]


def test_headers_that_do_not_end_are_408(hasty: Server) -> None:
    begun = [b"G", b"GET /hello HTTP/1.1\r\n", HELLO[:-2], POST[:-1]]
    assert [answer(one).status for one in ends(hasty, *begun)] == [408] * 4


def test_headers_that_come_byte_by_byte_are_408(hasty: Server) -> None:
    with hasty.connect() as connection:
        connection.sendall(b"GET /hello HTTP/1.1\r\nx-endless: ")
        assert answer(drip(connection, b"a")).status == 408
    assert hasty.alive()


def test_line_breaks_before_a_request_hold_no_connection(hasty: Server) -> None:
    with hasty.connect() as connection:
        assert drip(connection, b"\r\n") == b""


def test_line_breaks_after_an_answer_hold_no_connection(hasty: Server) -> None:
    with hasty.connect() as connection:
        connection.sendall(HELLO)
        assert next_answer(connection).status == 200
        assert drip(connection, b"\r\n") == b""


def test_headers_of_a_later_request_have_a_time_too(hasty: Server) -> None:
    with hasty.connect() as connection:
        connection.sendall(HELLO)
        assert next_answer(connection).status == 200
        connection.sendall(HELLO[:-2])
        assert answer(closed(connection)).status == 408


def test_a_body_that_stops_is_408(hasty: Server) -> None:
    chunked = POST + b"transfer-encoding: chunked\r\n\r\n"
    stopped = [
        *(STALLED, POST + b"content-length: 1\r\n\r\n"),
        *(chunked + part for part in (b"", b"5", b"5\r\n{", b"1\r\n{\r\n", b"1\r\n{\r\n0\r\n")),
    ]
    assert [answer(one).status for one in ends(hasty, *stopped)] == [408] * 7
    assert hasty.alive()


def test_a_body_that_comes_byte_by_byte_for_ever_is_408(hasty: Server) -> None:
    with hasty.connect() as connection:
        connection.sendall(POST + b"content-length: 100000\r\n\r\n")
        assert answer(drip(connection, b" ")).status == 408
    assert hasty.alive()


def test_a_body_that_nobody_waits_for_holds_no_connection(hasty: Server) -> None:
    with hasty.connect() as connection:
        connection.sendall(b"POST /none HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n")
        assert next_answer(connection).status == 404
        assert drip(connection, b" ") == b""


def test_an_answer_may_take_longer_than_a_request(hasty: Server) -> None:
    with hasty.connect() as waiting, hasty.connect() as slow:
        waiting.sendall(b"GET /hold/longer HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        # Once this one is let go, the time of all timeouts is over.
        slow.sendall(STALLED)
        assert answer(closed(slow)).status == 408
        hasty.exchange(b"GET /release/longer HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert answer(closed(waiting)).body == b'"longer"'


def test_an_answer_that_nobody_takes_ends(hasty: Server) -> None:
    with hasty.connect() as connection:
        connection.sendall(b"GET /flood/untaken HTTP/1.1\r\nhost: x\r\n\r\n")
        end = b"GET /end/untaken HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
        assert answer(hasty.exchange(end)).body in {b'"CancelledError"', b'"GeneratorExit"'}


def test_a_large_answer_that_nobody_takes_holds_no_connection(hasty: Server) -> None:
    with hasty.connect() as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
        for _ in range(4):
            # Once these are let go, the time of all timeouts is over.
            with hasty.connect() as slow:
                slow.sendall(STALLED)
                assert answer(closed(slow)).status == 408
        assert len(closed(connection)) < 32 * MiB


def test_an_answer_that_is_taken_slowly_arrives(hasty: Server) -> None:
    with hasty.connect() as connection, ExitStack() as stack:
        connection.sendall(b"GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        got = 0
        for _ in range(4):
            slow = stack.enter_context(hasty.connect())
            slow.sendall(b"G")
            while not select.select([slow], [], [], 0.02)[0]:
                got += len(connection.recv(65536))
        assert got + len(closed(connection)) > 32 * MiB
