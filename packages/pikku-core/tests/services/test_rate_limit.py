"""Limits as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core.services import RateLimit


@pytest.mark.parametrize(
    ("text", "limit", "window"),
    [
        ("1/second", 1, 1),
        ("100/minute", 100, 60),
        ("1000/hours", 1000, 3600),
        ("5/10 seconds", 5, 10),
        ("50000/7 days", 50_000, 7 * 86400),
    ],
)
def test_a_limit_is_read_from_its_text(text: str, limit: int, window: int) -> None:
    assert RateLimit.parse(text) == RateLimit(limit=limit, window=window)


@pytest.mark.parametrize(
    "text",
    ["", "100", "100/", "0/minute", "-1/minute", "1/0 minutes", "100 / minute", "1/month", "1/5"],
)
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match='write "100/minute"'):
        RateLimit.parse(text)


@pytest.mark.parametrize(("limit", "window"), [(0, 60), (1, 0), (-1, 60)])
def test_a_limit_of_nothing_is_refused(limit: int, window: int) -> None:
    with pytest.raises(ValueError, match="is none"):
        RateLimit(limit=limit, window=window)


@given(st.text())
def test_whatever_the_text_is_there_is_no_other_error(text: str) -> None:
    try:
        assert RateLimit.parse(text).limit >= 1
    except ValueError:
        return
