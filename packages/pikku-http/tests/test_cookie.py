"""Cookies of requests and answers."""

from __future__ import annotations

import sys
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


OCTETS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='",;\\\\'), max_size=5
)
"""What the value of a cookie consists of (RFC 6265, 4.1.1)."""

NAMES = st.sampled_from(["a", "A", "aa", "b", "__Host-a", "a.b", "!"])
LOOSE = st.text(st.sampled_from('ab= ;",\t\\\\é\x00'), max_size=12)
"""Text out of what a parser looks for."""


def slowly(headers: list[bytes], name: str) -> str | None:
    """The value of the first cookie of a name, read character by character (RFC 6265, 4.2.1 and 5.2)."""
    for header in headers:
        pairs = [""]
        for character in header.decode("latin-1"):
            if character == ";":
                pairs.append("")
            else:
                pairs[-1] += character
        for pair in pairs:
            at = 0
            while at < len(pair) and pair[at] != "=":
                at += 1
            if at == len(pair):
                continue
            found, value = trimmed(pair[:at]), trimmed(pair[at + 1 :])
            if found == name:
                is_quoted = len(value) >= 2 and value[0] == value[-1] == '"'
                return value[1:-1] if is_quoted else value
    return None


def trimmed(text: str) -> str:
    while text and text[0] in " \t":
        text = text[1:]
    while text and text[-1] in " \t":
        text = text[:-1]
    return text


@given(st.lists(LOOSE | st.lists(LOOSE, max_size=4).map("; ".join), max_size=3), NAMES | LOOSE)
def test_cookies_are_read_as_by_the_letter(sent: list[str], name: str) -> None:
    headers = [one.encode("latin-1") for one in sent]
    assert http(*headers).cookie(name) == slowly(headers, name)


@given(
    st.lists(st.tuples(NAMES, OCTETS), max_size=6),
    NAMES,
    st.booleans(),
    st.sampled_from([";", "; "]),
)
def test_what_browsers_send_is_read(
    cookies: list[tuple[str, str]], name: str, quoted: bool, between: str
) -> None:
    quote = '"' if quoted else ""
    sent = between.join(f"{key}={quote}{value}{quote}" for key, value in cookies)
    wanted = next((value for key, value in cookies if key == name), None)
    assert http(sent.encode()).cookie(name) == wanted


@given(NAMES.filter(lambda name: name != "!"), OCTETS)
def test_what_was_set_is_read(name: str, value: str) -> None:
    request = FakeHttp()
    request.set_cookie(name, value)
    sent = set_cookies(request)[0].partition("; ")[0].encode()
    assert http(sent).cookie(name) == value


@pytest.mark.parametrize("sent", [b"a=1; ", b"a; ", b"=; ", b";", b'"', b"a=" * 2, b" "])
def test_ten_times_the_cookies_take_ten_times_the_work(sent: bytes) -> None:
    few, many = (work_of(http(sent * count)) for count in (1_000, 10_000))
    assert many <= 10 * few


def work_of(request: Http) -> int:
    """How many calls reading a cookie takes that there is not."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        del frame, argument
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        assert request.cookie("missing") is None
    finally:
        sys.setprofile(None)
    return calls


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
