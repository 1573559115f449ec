"""Each template of the tool, for any name that is accepted."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pikku_cli import plugin
from pikku_cli.exits import CommandError
from pikku_cli.scaffold.files import draft
from pikku_cli.scaffold.names import check_name
from pikku_core.plugin.loader import registry_of

if TYPE_CHECKING:
    from pikku_core.plugin import Template

WORDS = ["any", "async", "generator", "logger", "next", "pikku", "service", "7", "x", "Y", "total"]
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map("_".join)
TEMPLATES = registry_of(plugin).templates.values()


@given(NAMES, st.sampled_from(list(TEMPLATES)))
def test_what_is_written_is_whole(name: str, template: Template) -> None:
    try:
        naming = replace(check_name(name), package="shop", folder="src/shop")
        drafted = draft(template, naming)
    except CommandError:
        return
    assert any(path.startswith("tests/test_") for path in drafted)
    for path, text in drafted.items():
        assert "$" not in path + text
        assert text == "" or text.endswith("\n")
        assert not text.endswith("\n\n")
        if path.endswith(".toml"):
            assert tomllib.loads(text)
