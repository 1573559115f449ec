"""Patterns."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core.select.pattern import Pattern

TEXT = st.text(alphabet="ab/*.", max_size=8)


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("admin", ["admin"], ["admins", "xadmin", "Admin", ""]),
        ("admin*", ["admin", "admins"], ["xadmin"]),
        ("*admin", ["admin", "xadmin"], ["admins"]),
        ("*admin*", ["admin", "xadmins"], ["adm"]),
        ("a*z", ["az", "abz", "a/z"], ["a", "z", "azb"]),
        ("*", ["", "a", "a\nb"], []),
        ("a**z", ["az", "abz"], ["b"]),
        ("a.c", ["a.c"], ["abc"]),
        ("[ab]", ["[ab]"], ["a"]),
    ],
)
def test_a_star_stands_for_any_run_of_characters(
    pattern: str, matching: list[str], other: list[str]
) -> None:
    assert all(map(Pattern(pattern).matches, matching))
    assert not any(map(Pattern(pattern).matches, other))


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("/admin", ["/admin", "/admin/users", "/admin/"], ["/administration", "/x/admin", "/"]),
        ("/admin/", ["/admin", "/admin/users"], ["/administration"]),
        ("/admin/*", ["/admin/users", "/admin/users/1"], ["/admin"]),
        ("/", ["/", "/admin"], []),
        ("/*/users", ["/a/users", "/a/b/users/1"], ["/users"]),
    ],
)
def test_a_subtree_is_a_path_and_all_below_it(
    pattern: str, matching: list[str], other: list[str]
) -> None:
    assert all(map(Pattern(pattern, subtree=True).matches, matching))
    assert not any(map(Pattern(pattern, subtree=True).matches, other))


def test_case_can_be_ignored() -> None:
    assert Pattern("get", ignore_case=True).matches("GET")
    assert not Pattern("get").matches("GET")


@given(pattern=TEXT, value=TEXT)
def test_it_matches_what_the_definition_says(pattern: str, value: str) -> None:
    def matches(pattern: str, value: str) -> bool:
        if not pattern:
            return not value
        if pattern[0] == "*":
            return matches(pattern[1:], value) or (bool(value) and matches(pattern, value[1:]))
        return value[:1] == pattern[0] and matches(pattern[1:], value[1:])

    assert Pattern(pattern).matches(value) == matches(pattern, value)


@given(pattern=TEXT, value=TEXT)
def test_a_subtree_holds_what_the_pattern_alone_matches_and_all_below(
    pattern: str, value: str
) -> None:
    stem = re.sub(r"/+$", "", pattern)
    parts = value.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    assert Pattern(pattern, subtree=True).matches(value) == any(map(Pattern(stem).matches, above))
