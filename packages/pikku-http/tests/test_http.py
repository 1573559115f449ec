from __future__ import annotations

from typing import Any

import pytest

from pikku_http import Http


def http(*headers: tuple[bytes, bytes], **scope: Any) -> Http:
    base = {
        "method": "GET",
        "path": "/a b",
        "query_string": b"q=%C3%BC",
        "headers": list(headers),
        "client": ("127.0.0.1", 5000),
        "scheme": "https",
    }
    return Http({**base, **scope})


def test_it_says_what_was_asked() -> None:
    request = http()
    assert (request.method, request.path, request.query) == ("GET", "/a b", "q=%C3%BC")
    assert (request.scheme, request.client) == ("https", "127.0.0.1")


def test_a_client_on_a_unix_socket_has_no_address() -> None:
    assert http(client=None).client is None


def test_a_header_is_found_in_any_case() -> None:
    assert http((b"x-token", b"t")).header("X-Token") == "t"


def test_a_header_that_was_not_sent_is_none() -> None:
    assert http().header("x-token") is None


def test_a_repeated_header_is_joined_by_commas() -> None:
    assert http((b"accept", b"a"), (b"accept", b"b")).header("accept") == "a, b"


@pytest.mark.parametrize("value", ["a\r\nset-cookie: x=1", "a\nb", "a\rb", "a\x00b", "ħ"])
def test_a_value_that_would_split_the_answer_is_refused(value: str) -> None:
    request = http()
    with pytest.raises(ValueError, match="The header value"):
        request.set_header("x-name", value)
    with pytest.raises(ValueError, match="The header value"):
        request.add_header("x-name", value)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\r\nb", "é"])
def test_a_malformed_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="The header name"):
        http().set_header(name, "value")


@pytest.mark.parametrize("name", ["content-length", "Transfer-Encoding", "connection", "upgrade"])
def test_a_header_of_the_server_cannot_be_set(name: str) -> None:
    with pytest.raises(ValueError, match="written by the server"):
        http().set_header(name, "1")


def test_a_tab_and_latin_1_may_stand_in_a_value() -> None:
    request = http()
    request.set_header("x-name", "a\té")
    assert request.added == [(b"x-name", b"a\t\xe9")]


@pytest.mark.parametrize("status", [0, 100, 101, 199, 600])
def test_a_status_that_no_answer_has_is_refused(status: int) -> None:
    with pytest.raises(ValueError, match=f"The status {status}"):
        http().status = status
