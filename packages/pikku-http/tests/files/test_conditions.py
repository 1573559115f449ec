"""Conditions of requests, in the order of RFC 9110, 13.2.2."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_http.http.files.conditions import Validators, judge, range_holds

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture
def _far_from_greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_far_from_greenwich")
@pytest.mark.parametrize(
    ("date", "verdict"),
    [
        ("Sun Nov  6 08:49:37 1994", "not modified"),
        ("Sun Nov  6 08:49:36 1994", "send"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "not modified"),
        ("Sunday, 06-Nov-94 08:49:36 GMT", "send"),
        ("Sun, 06 Nov 1994 08:49:36", "send"),
        ("Sun, 06 Nov 1994 12:49:37 +0000", "send"),
        ("Sun, 06 Nov 1994 12:49:37 EST", "send"),
        ("Tue, 30 Feb 2100 12:49:37 GMT", "send"),
    ],
)
def test_a_date_of_any_form_is_utc_and_other_forms_are_none(date: str, verdict: str) -> None:
    assert judge({"if-modified-since": date}, HERE, reads=True) == verdict


@given(st.dictionaries(st.sampled_from(["if-match", "if-range", "if-modified-since"]), st.text()))
def test_whatever_the_conditions_are_there_is_a_verdict(headers: dict[str, str]) -> None:
    assert judge(headers, HERE, reads=True) in {"send", "not modified", "failed"}
    assert range_holds(headers, HERE) in {True, False}


class Tag:
    """An entity tag, weak or strong."""

    def __init__(self, text: str, *, weak: bool) -> None:
        self.text, self.weak = text, weak

    def __str__(self) -> str:
        return f'{"W/" if self.weak else ""}"{self.text}"'

    def __repr__(self) -> str:
        return str(self)


def slow_verdict(
    match: list[Tag] | None,
    none_match: list[Tag] | None,
    since: tuple[int | None, int | None],
    here: tuple[Tag, int],
    *,
    reads: bool,
) -> str:
    """RFC 9110, 13.2.2, step by step; an empty list stands for `*`."""
    (unmodified, modified), (tag, time) = since, here
    if match is not None:  # 1
        if match and not any(
            one.text == tag.text and not one.weak and not tag.weak for one in match
        ):
            return "failed"
    elif unmodified is not None and time > unmodified:  # 2
        return "failed"
    if none_match is not None:  # 3
        if not none_match or any(one.text == tag.text for one in none_match):
            return "not modified" if reads else "failed"
    elif reads and modified is not None and time <= modified:  # 4
        return "not modified"
    return "send"


TAGS = st.builds(Tag, st.sampled_from(["", "a", "b", "a,b", "W/a", "*", "a,"]), weak=st.booleans())
TIMES = st.integers(784111775, 784111779)


def listed(tags: list[Tag], comma: str) -> str:
    return comma.join(map(str, tags)) if tags else "*"


LISTS = st.none() | st.lists(TAGS, max_size=3)
SINCE = st.tuples(st.none() | TIMES, st.none() | TIMES)


@given(
    lists=st.tuples(LISTS, LISTS),
    since=SINCE,
    here=st.tuples(TAGS, TIMES),
    comma=st.sampled_from([",", ", ", " , ", ",\t"]),
    reads=st.booleans(),
)
def test_conditions_are_judged_as_the_rfc_says_step_by_step(
    lists: tuple[list[Tag] | None, list[Tag] | None],
    since: tuple[int | None, int | None],
    here: tuple[Tag, int],
    comma: str,
    *,
    reads: bool,
) -> None:
    headers: dict[str, str] = {}
    for name, tags in zip(("if-match", "if-none-match"), lists, strict=True):
        if tags is not None:
            headers[name] = listed(tags, comma)
    for name, moment in zip(("if-unmodified-since", "if-modified-since"), since, strict=True):
        if moment is not None:
            headers[name] = formatdate(moment, usegmt=True)
    expected = slow_verdict(*lists, since, here, reads=reads)
    assert judge(headers, Validators(str(here[0]), here[1]), reads=reads) == expected


@given(condition=TAGS | TIMES, tag=TAGS, time=TIMES)
def test_a_range_holds_for_the_very_same_version_alone(
    condition: Tag | int, tag: Tag, time: int
) -> None:
    if isinstance(condition, Tag):
        holds = not condition.weak and not tag.weak and condition.text == tag.text
        header = str(condition)
    else:
        holds, header = condition == time, formatdate(condition, usegmt=True)
    assert range_holds({"if-range": header}, Validators(str(tag), time)) is holds
