from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.build.metadata import read_metadata

if TYPE_CHECKING:
    from pathlib import Path


def test_the_table_is_what_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\nkeywords = ["a"]\n')
    assert read_metadata(tmp_path) == {"name": "shop", "keywords": ["a"]}


def test_a_project_need_not_say_anything(tmp_path: Path) -> None:
    assert read_metadata(tmp_path) == {}
    (tmp_path / "pyproject.toml").write_text("[tool.pikku]\n")
    assert read_metadata(tmp_path) == {}
