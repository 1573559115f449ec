from __future__ import annotations

from itertools import islice

import pytest

from conduit.services.slugs import slugs


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("How to train your dragon", "how-to-train-your-dragon"),
        ("  What?! -- Again…  ", "what-again"),
        ("Über Äpfel", "uber-apfel"),
        ("a" * 100, "a" * 80),
    ],
)
def test_a_slug_is_the_title_in_plain_letters(title: str, slug: str) -> None:
    assert next(slugs(title)) == slug


def test_further_slugs_are_all_different() -> None:
    candidates = list(islice(slugs("Dragons"), 20))
    assert len(set(candidates)) == 20
    assert all(candidate.startswith("dragons") for candidate in candidates)


def test_a_title_without_plain_letters_has_a_slug_too() -> None:
    assert next(slugs("日本語")).startswith("article-")
