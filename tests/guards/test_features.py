"""Every test that docs/features.md names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    (what.strip(), re.findall(r"`([^`]+::[^`]+)`", proofs))
    for what, proofs in re.findall(
        r"^\| (.+?) \| (.+) \|$", (ROOT / "docs" / "features.md").read_text(), re.MULTILINE
    )
    if what != "what holds"
]


def test_there_are_rows_and_no_two_say_the_same() -> None:
    names = [what for what, _ in ROWS]
    assert len(names) > 50
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("what", "proofs"), ROWS, ids=[what for what, _ in ROWS])
def test_a_feature_is_proved_by_a_test_that_exists(what: str, proofs: list[str]) -> None:
    assert proofs, f'"{what}" names no test'
    for proof in proofs:
        file, _, test = proof.partition("::")
        source = (ROOT / file).read_text(encoding="utf-8") if (ROOT / file).is_file() else ""
        assert f"def {test}(" in source, f'"{proof}" does not exist'
