"""Cookies of requests and answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_http import Http
from pikku_http.testing import FakeHttp


def http(*cookies: bytes) -> Http:
    return Http({"headers": [(b"x-other", b"a=1"), *((b"cookie", one) for one in cookies)]})


def set_cookies(request: FakeHttp) -> list[str]:
    return [value for name, value in request.answer_headers if name == "set-cookie"]


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        (b"a=1", "1"),
        (b"b=2; a=1", "1"),
        (b"b=2;a=1", "1"),
        (b'a="1"', "1"),
        (b'a="', '"'),
        (b"a=1=2", "1=2"),
        (b"a=", ""),
        (b" a = 1 ", "1"),
        (b"a=1; a=2", "1"),
        (b"a=\xff", "ÿ"),
        (b"aa=1; A=2; a", None),
        (b"", None),
        (b";;=;", None),
    ],
)
def test_a_cookie_is_read(sent: bytes, value: str | None) -> None:
    assert http(sent).cookie("a") == value


def test_cookies_may_come_in_several_headers() -> None:
    assert http(b"a=1", b"b=2").cookie("b") == "2"


def test_a_request_without_cookies_has_none() -> None:
    assert http().cookie("a") is None


@given(st.binary(), st.text())
def test_whatever_is_sent_reading_it_raises_nothing(sent: bytes, name: str) -> None:
    found = http(sent).cookie(name)
    assert found is None or found.encode("latin-1") in sent


def test_a_cookie_is_safe_unless_it_is_told_otherwise() -> None:
    request = FakeHttp()
    request.set_cookie("a", "1")
    request.set_cookie(
        "b", "2", max_age=60, path="/x", domain="x.test", secure=False, http_only=False
    )
    assert set_cookies(request) == [
        "a=1; Path=/; Secure; HttpOnly; SameSite=Lax",
        "b=2; Path=/x; Max-Age=60; Domain=x.test; SameSite=Lax",
    ]


def test_a_cookie_that_is_set_again_is_set_once() -> None:
    request = FakeHttp()
    for value in "123":
        request.set_cookie("a", value, same_site="strict")
        request.set_cookie("ab", value)
    assert set_cookies(request) == [
        "a=3; Path=/; Secure; HttpOnly; SameSite=Strict",
        "ab=3; Path=/; Secure; HttpOnly; SameSite=Lax",
    ]


@pytest.mark.parametrize(
    ("name", "value", "options", "reason"),
    [
        ("a b", "", {}, "not well-formed"),
        ("", "", {}, "not well-formed"),
        ("a", "1; Domain=evil", {}, "holds what it may not"),
        ("a", "1\r\nx: y", {}, "holds what it may not"),
        ("a", "ü", {}, "holds what it may not"),
        ("a", "x" * 4096, {}, "browsers keep 4096"),
        ("a", "1", {"path": "/;x"}, "The path"),
        ("a", "1", {"domain": "x\ny"}, "The domain"),
        ("a", "1", {"same_site": "some"}, 'same_site="some"'),
        ("a", "1", {"same_site": "none", "secure": False}, "must be secure"),
        ("__Secure-a", "1", {"secure": False}, "must be secure"),
        ("__Host-a", "1", {"secure": False}, "must be secure"),
        ("__Host-a", "1", {"path": "/x"}, "for one host"),
        ("__Host-a", "1", {"domain": "x.test"}, "for one host"),
    ],
)
def test_a_cookie_that_browsers_would_refuse_is_refused(
    name: str, value: str, options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        FakeHttp().set_cookie(name, value, **options)
