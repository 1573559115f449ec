"""Paths: what is put together from steps comes apart into them."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from pikku_core.contracts.paths import ROOT, is_property, pattern_step, property_step, split_path


@given(st.text(), st.text())
@example("हिन्दी", "^x-")
@example("e\N{COMBINING ACUTE ACCENT}", '"]')
@example("\N{SCRIPT CAPITAL P}", "\\")
def test_a_path_comes_apart_into_its_steps(name: str, pattern: str) -> None:
    steps = [ROOT, property_step(name), "[]", pattern_step(pattern), property_step(name)]
    assert split_path("".join(steps)) == steps
    assert is_property(steps[1])


def test_a_word_is_written_as_it_is() -> None:
    assert property_step("größe") == ".größe"
    assert property_step("हिन्दी") == '["हिन्दी"]'
