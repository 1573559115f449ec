"""What requests say of themselves, fit for logs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_http.http.observe.request import path_of, printable, query_of, sent_header


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/café", "/café"),
        ("a\r\nb", "a\\r\\nb"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\u2028b\u202ec", "a\\u2028b\\u202ec"),
        ("\x85\ud800", "\\x85\\ud800"),
    ],
)
def test_what_is_not_printable_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_no_text_begins_a_line(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text).splitlines()) <= 1


def test_a_path_is_told_as_it_was_sent() -> None:
    assert path_of({"path": "/a/b", "raw_path": b"/a%2Fb"}) == "/a%2Fb"
    assert path_of({"path": "/a\nb"}) == "/a\\nb"


def test_a_query_string_is_told_where_there_is_one() -> None:
    assert query_of({"query_string": b"a=1"}) == "a=1"
    assert query_of({"query_string": b""}) is None


def test_of_several_headers_of_a_name_the_first_is_told() -> None:
    scope = {"headers": [(b"user-agent", b"a\tb"), (b"user-agent", b"c")]}
    assert sent_header(scope, b"user-agent") == "a\\tb"
    assert sent_header(scope, b"referer") is None
