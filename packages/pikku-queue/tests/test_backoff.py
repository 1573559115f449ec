"""How long is waited before a job is tried again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core import DeclarationError
from pikku_queue import Backoff, exponential, fixed, linear


def waits(backoff: Backoff, *, chance: float = 0.0) -> list[float]:
    return [backoff.wait(failures, chance=lambda: chance) for failures in (1, 2, 3, 4)]


def test_a_fixed_wait_stays_the_same() -> None:
    assert waits(fixed("5s")) == [5, 5, 5, 5]


def test_a_linear_wait_grows_by_itself_up_to_its_limit() -> None:
    assert waits(linear("10s", limit="25s")) == [10, 20, 25, 25]


def test_an_exponential_wait_doubles_up_to_its_limit() -> None:
    assert waits(exponential("1s", limit="5s")) == [1, 2, 4, 5]


def test_jitter_makes_a_wait_shorter_by_chance() -> None:
    assert waits(fixed("10s", jitter=0.5), chance=0.5)[0] == 7.5


@given(st.integers(1, 10**9), st.floats(0, 1, exclude_max=True))
def test_no_wait_is_over_its_limit_however_often_it_failed(failures: int, chance: float) -> None:
    wait = exponential("1s", limit="10m").wait(failures, chance=lambda: chance)
    assert 0 <= wait <= 600


@given(st.sampled_from([fixed("5s"), linear("1m"), exponential("2s", jitter=0.1)]))
def test_a_backoff_comes_back_as_it_was_written(backoff: Backoff) -> None:
    assert Backoff.from_json(backoff.to_json()) == backoff


def test_what_is_no_backoff_is_refused() -> None:
    with pytest.raises(DeclarationError, match="not well-formed"):
        fixed("soon")
    with pytest.raises(DeclarationError, match="jitter"):
        fixed("5s", jitter=2)
    with pytest.raises(DeclarationError, match="a year"):
        fixed("500w")
