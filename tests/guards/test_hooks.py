"""Every hook is explained, shown in use, and proved by a test that is named after it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pikku_core.plugin import hooks

ROOT = Path(__file__).parents[2]
HOOKS = sorted(name for name in vars(hooks) if name.startswith("pikku_"))
REFERENCE = ROOT / "docs" / "reference" / "hooks.md"
GUIDE = ROOT / "docs" / "plugins.md"
TESTS = [*ROOT.glob("packages/*/tests/**/test_*.py"), *ROOT.glob("tests/**/test_*.py")]


@pytest.fixture(scope="module")
def tests_named() -> set[str]:
    """The names of all tests of the repository."""
    sources = (file.read_text(encoding="utf-8") for file in TESTS)
    return {name for source in sources for name in re.findall(r"def (test_\w+)\(", source)}


def test_there_are_hooks() -> None:
    assert "pikku_wiring_kinds" in HOOKS


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_has_a_section_in_the_reference(hook: str) -> None:
    assert f"\n## {hook}\n" in REFERENCE.read_text(encoding="utf-8")


@pytest.mark.parametrize("hook", HOOKS)
def test_the_guide_for_plugin_authors_names_a_hook(hook: str) -> None:
    assert GUIDE.is_file(), '"docs/plugins.md" is not there: write the guide for plugin authors'
    assert f"`{hook}`" in GUIDE.read_text(encoding="utf-8")


@pytest.mark.parametrize("hook", HOOKS)
def test_the_docstring_of_a_hook_has_an_example(hook: str) -> None:
    assert re.search(r": `[^`]+\)]?`", vars(hooks)[hook].__doc__ or "")


@pytest.mark.parametrize("hook", HOOKS)
def test_a_test_is_named_after_a_hook(hook: str, tests_named: set[str]) -> None:
    short = hook.removeprefix("pikku_")
    named = re.compile(rf"test_hook_(pikku_)?{short}(_\w+)?|test_\w*{hook}\w*")
    assert any(named.fullmatch(test) for test in tests_named), f'write "test_hook_{short}_..."'
