"""Whom a request is for (RFC 9112, 3.2): it says so once, and in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.http.faults.conftest import HELLO, answer, answers, next_answer

if TYPE_CHECKING:
    from tests.integration.http.conftest import Server

CLOSE = b"connection: close\r\n\r\n"
LINE = b"GET /hello HTTP/1.1\r\n"


@pytest.mark.parametrize(
    "fields",
    [
        b"",
        b"host: a\r\nhost: b\r\n",
        b"host: a\r\nhost: a\r\n",
        *(
            b"host: " + host + b"\r\n"
            for host in (b"a b", b"a, b", b"a/b", b"a?b", b"http://a", b"u@a", b"a:b", b"a:80:80")
        ),
        *(
            b"host: " + host + b"\r\n"
            for host in (b"[::1", b"::1", b"\xe9", b"%zz", b"a\\b", b"<a>")
        ),
    ],
)
def test_a_request_without_one_host_is_400(patient: Server, fields: bytes) -> None:
    assert answer(patient.exchange(LINE + fields + CLOSE)).status == 400


@pytest.mark.parametrize(
    "host",
    [
        *(
            b"",
            b"a",
            b"a:",
            b"a:8000",
            b"127.0.0.1:80",
            b"[::1]:80",
            b"[v1.a:b]",
            b"a_b.test",
            b"%41",
        )
    ],
)
def test_a_host_is_one(patient: Server, host: bytes) -> None:
    assert answer(patient.exchange(LINE + b"host: " + host + b"\r\n" + CLOSE)).status == 200


@pytest.mark.parametrize("host", [b"", b"host: a\r\n"])
def test_an_old_client_need_not_know_it(patient: Server, host: bytes) -> None:
    assert answer(patient.exchange(b"GET /hello HTTP/1.0\r\n" + host + b"\r\n")).status == 200


def test_an_old_client_has_no_two_either(patient: Server) -> None:
    request = b"GET /hello HTTP/1.0\r\nhost: a\r\nhost: b\r\n\r\n"
    assert answer(patient.exchange(request)).status == 400


def test_each_request_of_a_connection_says_it(patient: Server) -> None:
    with patient.connect() as connection:
        connection.sendall(HELLO)
        assert next_answer(connection).status == 200
        connection.sendall(LINE + b"\r\n")
        assert next_answer(connection).status == 400


def test_what_follows_a_body_is_no_host(patient: Server) -> None:
    posted = (
        b"POST /hello HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\nhost: y\r\n\r\n"
    )
    found = answers(patient.exchange(posted + HELLO[:-2] + CLOSE))
    assert [one.status for one in found] == [200, 200]


def test_the_host_of_a_whole_url_wins(patient: Server) -> None:
    request = b"GET http://other.test:81/host HTTP/1.1\r\nhost: x\r\n" + CLOSE
    assert answer(patient.exchange(request)).body == b'"other.test:81"'


def test_an_answer_of_the_server_has_a_date(patient: Server) -> None:
    assert answer(patient.exchange(LINE + CLOSE)).headers["date"].endswith(" GMT")
