from __future__ import annotations

from pikku_core.scan.arguments import options_hint


def test_a_misspelt_option_is_met_with_the_nearest_one() -> None:
    hint = options_hint(["func", "route", "tags"], "tag")
    assert hint == 'Did you mean "tags"? It takes "func", "route", "tags".'


def test_an_option_like_no_other_is_met_with_all_of_them() -> None:
    assert options_hint(["func", "route"], "colour") == 'It takes "func", "route".'


def test_what_takes_no_options_says_so() -> None:
    assert options_hint([]) == "It takes no options."
