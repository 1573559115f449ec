"""Conditions of requests, in the order of RFC 9110, 13.2.2."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_http.http.conditions import Validators, judge, range_holds

HERE = Validators('"v2"', 784111777)
SAME = "Sun, 06 Nov 1994 08:49:37 GMT"
BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT"


def test_the_time_of_the_last_change_is_a_date() -> None:
    assert HERE.last_modified == SAME


@pytest.mark.parametrize(
    ("headers", "reading", "writing"),
    [
        ({}, "send", "send"),
        ({"if-none-match": '"v2"'}, "not modified", "failed"),
        ({"if-none-match": 'W/"v2"'}, "not modified", "failed"),
        ({"if-none-match": '"v1", "v2"'}, "not modified", "failed"),
        ({"if-none-match": "*"}, "not modified", "failed"),
        ({"if-none-match": '"v1"'}, "send", "send"),
        ({"if-none-match": "v2"}, "send", "send"),
        ({"if-modified-since": SAME}, "not modified", "send"),
        ({"if-modified-since": BEFORE}, "send", "send"),
        ({"if-modified-since": "yesterday"}, "send", "send"),
        ({"if-none-match": '"v1"', "if-modified-since": SAME}, "send", "send"),
        ({"if-match": '"v2"'}, "send", "send"),
        ({"if-match": 'W/"v2"'}, "failed", "failed"),
        ({"if-match": '"v1"'}, "failed", "failed"),
        ({"if-match": "*"}, "send", "send"),
        ({"if-unmodified-since": SAME}, "send", "send"),
        ({"if-unmodified-since": BEFORE}, "failed", "failed"),
        ({"if-match": '"v2"', "if-unmodified-since": BEFORE}, "send", "send"),
        ({"if-match": '"v2"', "if-none-match": '"v2"'}, "not modified", "failed"),
    ],
)
def test_conditions_are_judged(headers: dict[str, str], reading: str, writing: str) -> None:
    assert judge(headers, HERE, reads=True) == reading
    assert judge(headers, HERE, reads=False) == writing


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (None, True),
        ('"v2"', True),
        ('"v1"', False),
        ('W/"v2"', False),
        (SAME, True),
        (BEFORE, False),
        ("yesterday", False),
    ],
)
def test_a_range_holds_for_the_version_it_is_of(condition: str | None, *, holds: bool) -> None:
    headers = {} if condition is None else {"if-range": condition}
    assert range_holds(headers, HERE) is holds


@given(st.dictionaries(st.sampled_from(["if-match", "if-range", "if-modified-since"]), st.text()))
def test_whatever_the_conditions_are_there_is_a_verdict(headers: dict[str, str]) -> None:
    assert judge(headers, HERE, reads=True) in {"send", "not modified", "failed"}
    assert range_holds(headers, HERE) in {True, False}
