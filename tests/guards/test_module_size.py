"""A module is one noun of 50 to 250 lines."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(ROOT.glob("packages/*/src/**/*.py"))
SOFT, HARD = 300, 500
VAGUE = {"base", "common", "helper", "helpers", "misc", "tools", "util", "utils"}
# Modules above the soft limit, each with the reason why it is still one noun. An entry that is no longer needed fails.
LONGER: dict[str, str] = {
    "pikku_core/errors.py": "the one tree of errors: a class each, a few lines long, read as a whole",
    "pikku_core/runtime/app.py": "all that a program or a transport asks of an App: a method each, mostly what it means",
    "pikku_core/plugin/model.py": "the model of a project: a class each, mostly what its fields mean, read as a whole",
}


def name(module: Path) -> str:
    return module.relative_to(ROOT).as_posix().partition("/src/")[2]


def lines(module: Path) -> int:
    return len(module.read_text().splitlines())


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_a_module_is_short(module: Path) -> None:
    assert lines(module) <= (HARD if name(module) in LONGER else SOFT)


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_a_module_is_named_after_what_it_holds(module: Path) -> None:
    assert module.stem.strip("_") not in VAGUE


def test_each_reason_is_still_needed() -> None:
    long = {name(module) for module in MODULES if lines(module) > SOFT}
    assert set(LONGER) - long == set()
