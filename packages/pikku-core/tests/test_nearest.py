"""What was probably meant."""

from __future__ import annotations

from pikku_core.nearest import nearest_name


def test_the_name_that_is_most_alike_is_meant() -> None:
    assert nearest_name("admni", {"admin", "admins", "users"}) == "admin"


def test_where_nothing_is_near_nothing_is_meant() -> None:
    assert not nearest_name("zzz", ["admin"])
    assert not nearest_name("admni", ["admin"], cutoff=0.9)
