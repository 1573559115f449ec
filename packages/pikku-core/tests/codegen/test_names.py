from __future__ import annotations

import keyword

from hypothesis import given
from hypothesis import strategies as st

from pikku_core.codegen import names
from pikku_core.codegen.names import factory_names, slug


@given(st.lists(st.text(), unique=True))
def test_names_are_identifiers_and_never_collide(ids: list[str]) -> None:
    found = factory_names({identity: identity for identity in ids})
    assert found.keys() == set(ids)
    assert len(set(found.values())) == len(ids)
    assert all(name.isidentifier() and not keyword.iskeyword(name) for name in found.values())


def test_ids_that_read_alike_get_different_names() -> None:
    found = factory_names(
        {"http:get:/users/{id}": "get:/users/{id}", "http:get:/users/id": "get:/users/id"}
    )
    assert sorted(name[:13] for name in found.values()) == ["get_users_id_", "get_users_id_"]
    assert len(set(found.values())) == 2


def test_a_name_depends_on_its_own_id_alone() -> None:
    alone = factory_names({"a": "a"})
    assert factory_names({"b": "b", "a": "a", "c": "c"})["a"] == alone["a"]


def test_hashes_that_collide_get_longer() -> None:
    ids = [f"{number}-" for number in range(3000)]
    found = factory_names(dict.fromkeys(ids, "x"))
    assert len(set(found.values())) == len(ids)
    assert names.DIGITS == 6


def test_a_slug_is_short_and_starts_with_a_letter() -> None:
    assert slug("GET /Users/{id}") == "get_users_id"
    assert slug("3d") == "unnamed_3d"
    assert slug("ü") == "unnamed"
    assert len(slug("a" * 500)) == names.SLUG_LENGTH
