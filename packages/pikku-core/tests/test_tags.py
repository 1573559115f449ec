from __future__ import annotations

from pikku_core.tags import ancestry


def test_a_tag_is_followed_by_those_that_it_lies_in_each_once() -> None:
    assert ancestry(("a:b:c", "a:x", "a")) == ["a:b:c", "a:b", "a", "a:x"]
    assert ancestry(()) == []
