"""Tokens that are agreed on beforehand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core.services import InvalidTokenError, StaticTokens


def test_a_static_token_is_its_subjects() -> None:
    service = StaticTokens({"ci": "c" * 16, "cron": ["old" * 8, "new" * 8]})
    assert service.read("c" * 16) == {"sub": "ci"}
    assert service.read("old" * 8) == service.read("new" * 8) == {"sub": "cron"}


@given(st.text())
def test_any_other_static_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidTokenError):
        StaticTokens({"ci": "c" * 40}).read(text)


def test_static_tokens_that_are_not_safe_are_refused() -> None:
    with pytest.raises(ValueError, match='"ci" is too short'):
        StaticTokens({"ci": "guess"})
    with pytest.raises(ValueError, match="the same"):
        StaticTokens({"ci": "c" * 16, "cron": "c" * 16})
