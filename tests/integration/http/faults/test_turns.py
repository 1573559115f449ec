"""Requests that are sent without waiting for answers: each is answered in its turn, and what is wrong with it too."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

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

STALLED = POST + b"content-length: 1000\r\n\r\n" + NOTE
LINE = b"GET /hello HTTP/1.1\r\nhost: x\r\n"
LARGE = b"x-large: " + b"a" * 20_000 + b"\r\n"


def asking(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode()


def get(server: Server, path: str) -> bytes:
    """The body of an answer on a connection of its own."""
    request = asking(path)[:-2] + b"connection: close\r\n\r\n"
    return answer(server.exchange(request)).body


def has_read(server: Server) -> None:
    """Returns once the server has read what was sent before."""
    for _ in range(2):
        assert server.alive()


def test_a_large_head_is_431_after_the_answer_before_it(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(asking("/hold/large"))
        for part in (LINE, LARGE, LARGE):
            connection.sendall(part)
            has_read(patient)
        get(patient, "/release/large")
        first, last = answers(closed(connection))
    assert (first.body, last.status) == (b'"large"', 431)


def test_a_large_head_that_comes_with_a_request_is_431(patient: Server) -> None:
    head = LINE + b"x-large: " + b"a" * 200_000 + b"\r\n\r\n"
    assert [one.status for one in answers(patient.exchange(HELLO + head))] == [200, 431]


def test_a_large_head_is_431_though_its_end_has_come(patient: Server) -> None:
    with patient.connect() as connection:
        for part in (LINE, b"x-large: " + b"a" * 30_000, b"b" * 5_000 + b"\r\n\r\n"):
            connection.sendall(part)
            has_read(patient)
        assert answer(closed(connection)).status == 431


def test_a_large_head_after_a_body_that_nobody_read_is_431(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(b"POST /none HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n")
        assert next_answer(connection).status == 404
        connection.sendall(b"0123456789" + LINE + b"x-large: " + b"a" * 200_000 + b"\r\n\r\n")
        assert answer(closed(connection)).status == 431


def test_what_is_wrong_twice_is_refused_once(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(LINE + LARGE)
        has_read(patient)
        connection.sendall(b"bad line\r\n" + LARGE)
        assert answer(closed(connection)).status == 400


def test_half_a_body_is_dropped_when_the_rest_is_none(patient: Server) -> None:
    chunked = POST + b"transfer-encoding: chunked\r\n\r\n5\r\n{"
    with patient.connect() as connection:
        connection.sendall(asking("/hold/half-a-body") + chunked)
        has_read(patient)
        connection.sendall(b"}\r\nzz\r\n")
        get(patient, "/release/half-a-body")
        first, last = answers(closed(connection))
    assert (first.body, last.status) == (b'"half-a-body"', 400)


def test_the_hundred_and_second_request_in_a_row_is_429(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(HELLO * 102)
        statuses = [one.status for one in answers(closed(connection))]
    assert statuses == [200] * 101 + [429]


def test_a_stream_is_told_that_its_client_has_left_though_another_request_waits(
    patient: Server,
) -> None:
    connection = patient.connect()
    connection.sendall(asking("/hang/waiting") + HELLO)
    assert connection.recv(100).startswith(b"HTTP/1.1 200")
    connection.close()
    assert get(patient, "/end/waiting") in {b'"CancelledError"', b'"GeneratorExit"'}


def test_it_is_told_though_nobody_reads(patient: Server) -> None:
    connection = patient.connect()
    connection.sendall(asking("/hang/unread"))
    assert connection.recv(100).startswith(b"HTTP/1.1 200")
    connection.sendall(HELLO)
    has_read(patient)
    connection.close()
    assert get(patient, "/end/unread") in {b'"CancelledError"', b'"GeneratorExit"'}


def test_a_client_that_shuts_its_side_gets_all_answers(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(asking("/hold/row") + HELLO * 2)
        connection.shutdown(socket.SHUT_WR)
        has_read(patient)
        get(patient, "/release/row")
        bodies = [one.body for one in answers(closed(connection))]
    assert bodies == [b'"row"', b'"hello"', b'"hello"']


def test_a_body_that_stops_is_not_said_in_the_stream_before_it(hasty: Server) -> None:
    with hasty.connect() as stream:
        stream.sendall(asking("/hang/stalled") + STALLED)
        for _ in range(2):
            with hasty.connect() as slow:
                slow.sendall(STALLED)
                assert (
                    answer(closed(slow)).status == 408
                )  # so that the time of all timeouts is over
        stream.setblocking(False)
        assert stream.recv(65536).endswith(b"2\r\n0\n\r\n")


def test_a_body_is_owed_once_it_is_waited_for(hasty: Server) -> None:
    with hasty.connect() as connection:
        connection.sendall(HELLO + STALLED)
        assert [one.status for one in answers(closed(connection))] == [200, 408]


def test_a_client_that_waits_to_be_told_owes_no_body(hasty: Server) -> None:
    with hasty.connect() as waiting:
        head = b"host: x\r\nexpect: 100-continue\r\ncontent-length: 10\r\n\r\n"
        waiting.sendall(b"GET /hold/told HTTP/1.1\r\n" + head)
        for _ in range(2):
            with hasty.connect() as slow:
                slow.sendall(STALLED)
                assert answer(closed(slow)).status == 408
        get(hasty, "/release/told")
        assert answer(closed(waiting)).body == b'"told"'


def test_a_client_that_has_shut_its_side_may_wait_longer_than_for_a_body(hasty: Server) -> None:
    with hasty.connect() as waiting:
        waiting.sendall(asking("/hold/shut"))
        waiting.shutdown(socket.SHUT_WR)
        for _ in range(2):
            with hasty.connect() as slow:
                slow.sendall(STALLED)
                assert answer(closed(slow)).status == 408
        get(hasty, "/release/shut")
        assert answer(closed(waiting)).body == b'"shut"'
