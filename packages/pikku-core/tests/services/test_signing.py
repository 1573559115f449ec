"""Signed texts: what was given out comes back, and nothing else does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core.services import Signer
from pikku_core.testing import MovableClock

OLD, NEW = "o" * 32, "n" * 32


def signer(*secrets: str | bytes, clock: MovableClock | None = None) -> Signer:
    return Signer(secrets or [OLD], clock=clock or MovableClock())


@given(st.binary(), st.text(st.characters(codec="utf-8")))
def test_what_was_signed_is_read(data: bytes, purpose: str) -> None:
    text = signer().sign(data, purpose=purpose, lifetime=60)
    assert signer().read(text, purpose=purpose) == data
    assert re.fullmatch(r"[\w-]+\.[\w-]+", text, re.ASCII)


def test_it_is_read_until_its_time_is_over() -> None:
    clock = MovableClock()
    one = signer(clock=clock)
    text = one.sign(b"ada", purpose="a", lifetime=10)
    clock.move(9)
    assert one.read(text, purpose="a") == b"ada"
    clock.move(1)
    assert one.read(text, purpose="a") is None


def test_it_is_read_for_its_purpose_alone() -> None:
    text = signer().sign(b"ada", purpose="a", lifetime=10)
    assert signer().read(text, purpose="b") is None


def test_secrets_are_exchanged_without_a_gap() -> None:
    text = signer(OLD).sign(b"ada", purpose="a", lifetime=10)
    assert signer(NEW, OLD).read(text, purpose="a") == b"ada"
    assert signer(NEW).read(text, purpose="a") is None
    fresh = signer(NEW, OLD).sign(b"ada", purpose="a", lifetime=10)
    assert signer(OLD).read(fresh, purpose="a") is None


@given(st.text())
def test_whatever_the_text_is_nothing_is_raised(text: str) -> None:
    assert signer().read(text, purpose="a") is None


@given(st.data())
def test_a_changed_character_is_found(data: st.DataObject) -> None:
    text = signer().sign(b"user=ada", purpose="a", lifetime=10)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda one: one != text[at]))
    assert signer().read(text[:at] + other + text[at + 1 :], purpose="a") is None


@pytest.mark.parametrize("lifetime", [0.0, -1.0, float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(lifetime: float) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        signer().sign(b"", purpose="a", lifetime=lifetime)


def test_secrets_that_are_not_safe_are_refused() -> None:
    with pytest.raises(ValueError, match="one secret at least"):
        Signer([])
    with pytest.raises(ValueError, match="a list of one"):
        Signer(OLD)
    with pytest.raises(ValueError, match="5 bytes: 32 at least"):
        Signer([OLD, b"short"])
