"""Lengths of time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core.duration import UNITS, Duration, seconds_of


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("30s", 30),
        ("250ms", 0.25),
        ("1h30m", 5400),
        ("1.5h", 5400),
        ("2w", 1_209_600),
        (timedelta(minutes=5), 300),
        (2.5, 2.5),
        (0, 0),
    ],
)
def test_a_duration_is_so_many_seconds(duration: Duration, seconds: float) -> None:
    assert seconds_of(duration) == seconds


@pytest.mark.parametrize(
    "duration",
    ["", "5", "5 s", "s", "-5s", "5y", "1h 30m", "5S", "\u0665s", -1, float("nan"), float("inf")],
)
def test_what_is_no_duration_is_refused(duration: Duration) -> None:
    with pytest.raises(ValueError, match="The duration"):
        seconds_of(duration)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(sorted(UNITS))), min_size=1))
def test_parts_add_up(parts: list[tuple[int, str]]) -> None:
    text = "".join(f"{number}{unit}" for number, unit in parts)
    assert seconds_of(text) == pytest.approx(sum(number * UNITS[unit] for number, unit in parts))
