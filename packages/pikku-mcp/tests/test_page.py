"""Pages of long lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.shared.exceptions import MCPError

from pikku_mcp.page import page_of


@given(names=st.lists(st.text(), unique=True), size=st.integers(0, 5))
def test_all_pages_together_are_the_list(names: list[str], size: int) -> None:
    items = [(name, name) for name in sorted(names)]
    found: list[str] = []
    cursor: str | None = None
    while True:
        page, cursor = page_of(items, cursor, size)
        found += page
        if cursor is None:
            break
    assert found == sorted(names)


def test_what_goes_away_between_two_pages_hides_nothing() -> None:
    items = [(name, name) for name in "abcd"]
    _, cursor = page_of(items, None, 2)
    assert page_of(items[2:], cursor, 2) == (["c", "d"], None)


@pytest.mark.parametrize("cursor", ["", "forged", "!", "MTphé", "Mjph"])
def test_a_cursor_of_nobody_is_refused(cursor: str) -> None:
    with pytest.raises(MCPError, match="The cursor is none"):
        page_of([("a", "a")], cursor, 1)
