"""The line at which a setting stands."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core.setting_places import line_of, placed
from pikku_core.setting_values import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = '''\
# a comment
[project]
name = "shop"

[tool.pikku]
source = [
    "app",  # tool.pikku.out = "no key"
]
description = """
[tool.pikku.http]
max_body = 1
"""
out = ".pikku"
plugins.disabled = ["mcp"]
filters = { admin = { tags = ["admin"] } }

[tool.pikku.http]
max_body = 10

[tool.pikku.outputs]
"types/a.pyi" = "a.pyi"

[[tool.other]]
key = 1
[[tool.other]]
last = 2'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("project.name", 3),
        ("tool.pikku", 5),
        ("tool.pikku.source", 6),
        ("tool.pikku.out", 13),
        ("tool.pikku.plugins.disabled", 14),
        ("tool.pikku.filters.admin.tags", 15),
        ("tool.pikku.http", 17),
        ("tool.pikku.http.max_body", 18),
        ("tool.pikku.outputs.types/a.pyi", 21),
        ("tool.other.last", 26),
    ],
)
def test_a_key_stands_at_the_first_line_of_its_statement(key: str, line: int) -> None:
    assert line_of(DOCUMENT, key) == line


def test_of_a_key_that_is_not_there_the_table_is_named() -> None:
    assert line_of(DOCUMENT, "tool.pikku.http.nowhere") == 17
    assert line_of(DOCUMENT, "nowhere") is None


@pytest.mark.parametrize("document", ["", "[", "= 1", "a = [\n"])
def test_what_is_no_toml_has_no_places(document: str) -> None:
    assert line_of(document, "tool.pikku") is None


names = st.text("ab.\"'= #[\n", min_size=1, max_size=3)


@given(st.lists(names, unique=True, min_size=1, max_size=5))
def test_whatever_a_key_is_called_its_line_gives_it(keys: list[str]) -> None:
    quoted = [key.translate({ord("\n"): "\\n", ord('"'): '\\"'}) for key in keys]
    document = "[table]\n" + "\n".join(f'"{key}" = 1' for key in quoted)
    for key in keys:
        line = line_of(document, f"table.{key}")
        assert line is not None
        assert tomllib.loads(document.split("\n")[line - 1]) == {key: 1}


def test_an_error_without_a_key_or_a_file_stays_as_it_is(tmp_path: Path) -> None:
    for error in (SettingsError("about nothing"), SettingsError("no file", key="tool.pikku")):
        with pytest.raises(SettingsError) as caught, placed(tmp_path):
            raise error
        assert caught.value is error
