"""Clients that send too much: heads, bodies, fields after bodies, requests in a row, connections."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from tests.integration.http.faults.conftest import (
    HELLO,
    NOTE,
    POST,
    MiB,
    answer,
    closed,
    next_answer,
    poured,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from tests.integration.http.conftest import Server
    from tests.integration.http.faults.conftest import Process

LINE = b"GET /hello HTTP/1.1\r\nhost: x\r\n"
CHUNKED = POST + b"transfer-encoding: chunked\r\n\r\n"
LIMIT = 10 * MiB
CHUNK = b"10000\r\n" + b" " * 65536 + b"\r\n"
LEEWAY = 48 * MiB
"""More memory than before that a server may take: the body up to the limit, some copies of it, and buffers."""


@pytest.fixture(scope="module")
def server(serving: Callable[..., AbstractContextManager[Process]]) -> Iterator[Process]:
    """The project with the default limits, warmed up."""
    with serving() as process:
        largest = b'{"text":"%b"}' % (b"a" * (LIMIT - 11))
        length = b"connection: close\r\ncontent-length: %d\r\n\r\n" % len(largest)
        assert answer(process.exchange(POST + length + largest)).status == 200
        yield process


@pytest.mark.parametrize(
    "head",
    [
        LINE + b"x-large: " + b"a" * MiB,
        LINE + b"x-large: " + b"a" * MiB + b"\r\n\r\n",
        LINE + b"".join(b"x-%d: a\r\n" % number for number in range(10_000)) + b"\r\n",
        b"GET /" + b"a" * MiB + b" HTTP/1.1\r\n\r\n",
        b"GET /hello?" + b"a" * 33_000 + b" HTTP/1.1\r\n\r\n",
        b"G" + b"E" * MiB,
    ],
    ids=["no-end", "a-large-field", "many-fields", "a-long-line", "a-longer-line", "no-method"],
)
def test_a_head_that_is_too_large_is_refused(patient: Server, head: bytes) -> None:
    with patient.connect() as connection:
        poured(connection, head, 1)
        assert answer(closed(connection)).status in {400, 431}
    assert patient.alive()


def test_a_head_that_grows_too_large_is_431(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(LINE + b"x-large: ")
        poured(connection, b"a" * 500, 10_000)
        assert answer(closed(connection)).status == 431


def test_a_head_that_fits_is_read(patient: Server) -> None:
    fields = b"".join(b"x-%d: a\r\n" % number for number in range(2_000))
    with patient.connect() as connection:
        connection.sendall(LINE + fields)
        connection.sendall(b"\r\n")
        assert next_answer(connection).status == 200


def test_the_end_of_a_body_is_not_taken_for_a_head(patient: Server) -> None:
    body = b'{"text":"%b"}' % (b"a" * 100_000)
    with patient.connect() as connection:
        request = POST + b"content-length: %d\r\n\r\n" % len(body) + body
        connection.sendall(request + HELLO[:10])
        assert next_answer(connection).status == 200
        connection.sendall(HELLO[10:])
        assert next_answer(connection).body == b'"hello"'


def test_a_gibibyte_that_is_announced_is_413_before_it_is_sent(server: Process) -> None:
    with server.connect() as connection:
        connection.sendall(POST + b"content-length: %d\r\n\r\n" % (1024 * MiB))
        assert next_answer(connection).status == 413


@pytest.mark.parametrize("close", [b"", b"connection: close\r\n"], ids=["kept", "closed"])
@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
def test_a_gibibyte_is_413_and_takes_no_memory(
    server: Process, close: bytes, *, chunked: bool
) -> None:
    before = server.memory()
    framing = b"transfer-encoding: chunked" if chunked else b"content-length: %d" % (1024 * MiB)
    with server.connect() as connection:
        connection.sendall(POST + close + framing + b"\r\n\r\n")
        poured(connection, CHUNK if chunked else b" " * 65536, 1024 * MiB // 65536)
        assert next_answer(connection).status == 413
    assert server.memory() - before < LEEWAY
    assert server.alive()


def test_fields_after_a_body_without_end_are_refused(server: Process) -> None:
    before = server.memory()
    with server.connect() as connection:
        connection.sendall(CHUNKED + b"c\r\n" + NOTE + b"\r\n0\r\n")
        poured(connection, b"x-more: " + b"a" * 65536 + b"\r\n", 10_000)
        assert answer(closed(connection)).status == 431
    assert server.memory() - before < LEEWAY


def test_a_field_after_a_body_that_does_not_end_is_refused(server: Process) -> None:
    before = server.memory()
    with server.connect() as connection:
        connection.sendall(CHUNKED + b"c\r\n" + NOTE + b"\r\n0\r\nx-more: ")
        poured(connection, b"a" * 65536, 10_000)
        assert answer(closed(connection)).status == 431
    assert server.memory() - before < LEEWAY


def test_the_size_of_a_chunk_that_does_not_end_is_refused(server: Process) -> None:
    with server.connect() as connection:
        connection.sendall(CHUNKED + b"c;")
        poured(connection, b"a" * 65536, 10_000)
        assert answer(closed(connection)).status == 431


def test_a_head_whose_end_comes_in_two_parts_is_a_head(patient: Server) -> None:
    body = b'{"text":"%b"}' % (b"a" * 100_000)
    head = POST + b"content-length: %d\r\n\r\n" % len(body)
    with patient.connect() as connection, patient.connect() as other:
        connection.sendall(head[:-1])
        other.sendall(HELLO)
        assert next_answer(other).status == 200  # so that the first part has been read
        connection.sendall(head[-1:] + body)
        assert next_answer(connection).status == 200


def test_requests_that_nobody_waits_for_are_not_queued_without_end(server: Process) -> None:
    before = server.memory()
    with server.connect() as connection:
        poured(connection, HELLO * 10_000, 100)
        statuses = re.findall(rb"HTTP/1.1 (\d+)", closed(connection))
    assert set(statuses[:100]) == {b"200"}
    assert len(statuses) < 1_000
    assert server.memory() - before < LEEWAY
    assert server.alive()


def test_connections_that_are_sent_away_are_bounded_too(
    serving: Callable[..., AbstractContextManager[Process]],
) -> None:
    with serving(max_connections=1) as server, server.connect() as first, ExitStack() as stack:
        first.sendall(HELLO)
        assert next_answer(first).status == 200
        before = server.descriptors()
        refused = [stack.enter_context(server.connect()) for _ in range(300)]
        assert {answer(closed(each)).status for each in refused} == {503}
        assert server.descriptors() - before < 150


def test_one_connection_too_many_is_503_and_those_that_are_there_go_on(
    serving: Callable[..., AbstractContextManager[Process]],
) -> None:
    with serving(max_connections=2) as server, ExitStack() as stack:
        first, second = (stack.enter_context(server.connect()) for _ in range(2))
        for connection in (first, second):
            connection.sendall(HELLO)
            assert next_answer(connection).status == 200
        assert answer(server.exchange(b"")).status == 503
        first.sendall(HELLO)
        assert next_answer(first).status == 200
        second.sendall(HELLO[:-2] + b"connection: close\r\n\r\n")
        assert answer(closed(second)).status == 200
        third = stack.enter_context(server.connect())
        third.sendall(HELLO)
        assert next_answer(third).status == 200
