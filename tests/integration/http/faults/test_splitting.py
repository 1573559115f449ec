"""Values that come from a caller and go into a header: none becomes a header, a cookie or an answer of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from tests.integration.http.faults.conftest import HELLO, answers

if TYPE_CHECKING:
    from tests.integration.http.conftest import Server

INTO_HEADERS = [
    *("header", "more-header", "header-name", "cookie", "cookie-name", "cookie-path"),
    *("cookie-domain", "away", "named-file", "typed-file", "tagged-file", "challenge"),
    *("more-challenges", "error-header"),
]
SPLITTING = [
    "a\r\nset-cookie: evil=1",
    "a\nset-cookie: evil=1",
    "a\rset-cookie: evil=1",
    "a\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\nevil: 1\r\n\r\n",
    "/a\r\n set-cookie: evil=1",
    "a\x00\r\nset-cookie: evil=1",
    # These become line breaks in encodings that drop the upper byte.
    "a\u560d\u560aset-cookie: evil=1",
    "a\u010d\u010aset-cookie: evil=1",
    "a\x85\u2028set-cookie: evil=1",
]


@pytest.mark.parametrize("text", SPLITTING)
@pytest.mark.parametrize("route", INTO_HEADERS)
def test_a_value_stays_in_its_header(patient: Server, route: str, text: str) -> None:
    target = f"/{route}?text={quote(text, safe='')}"
    request = f"GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    (found,) = answers(patient.exchange(request.encode()))
    names = set(found.headers)
    assert not {"evil", "set-cookie"} & names - ({"set-cookie"} if "cookie" in route else set())
    assert not found.headers.get("set-cookie", "").startswith("evil")
    for value in [*found.headers, *found.headers.values()]:
        assert not set(value) & {chr(code) for code in (*range(32), 127)} - {"\t"}


@pytest.mark.parametrize("sent", [b"x-request-id", b"traceparent", b"x-echo"])
@pytest.mark.parametrize(
    "value",
    [b"a\rset-cookie: evil=1", b"a\x00", b"a\nset-cookie: evil=1", b"a\r\n set-cookie: e=1"],
)
def test_a_header_that_is_echoed_cannot_hold_a_line_break(
    patient: Server, sent: bytes, value: bytes
) -> None:
    head = b"GET /hello HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
    (found,) = answers(patient.exchange(head + sent + b": " + value + b"\r\n\r\n"))
    assert found.status == 400
    assert b"evil" not in found.body


@pytest.mark.parametrize("sent", ["a b", "a;b", "<script>", "\xe9", "a" * 129, "a\tb"])
def test_a_request_id_that_is_none_is_not_sent_back(patient: Server, sent: str) -> None:
    request = f"GET /none HTTP/1.1\r\nhost: x\r\nx-request-id: {sent}\r\nconnection: close\r\n\r\n"
    (found,) = answers(patient.exchange(request.encode("latin-1")))
    assert found.headers["x-request-id"] != sent
    assert len(found.headers["x-request-id"]) == 32


@pytest.mark.parametrize(
    "text", ["a\ndata: evil", "a\r\ndata: evil", "a\rdata: evil", "a\n\nevent: evil\ndata: evil"]
)
@pytest.mark.parametrize("route", ["event", "event-id", "event-data"])
def test_a_value_stays_in_its_field_of_an_event(patient: Server, route: str, text: str) -> None:
    target = f"/{route}?text={quote(text, safe='')}"
    head = f"GET {target} HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\nconnection: close\r\n\r\n"
    found = patient.exchange(head.encode())
    lines = found.replace(b"\r", b"\n").split(b"\n")
    assert not [line for line in lines if line.startswith((b"data: evil", b"event: evil"))]
    assert patient.exchange(HELLO, then_half_close=True).endswith(b'"hello"')
