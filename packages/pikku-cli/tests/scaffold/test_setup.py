"""What a folder lacks to be a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_cli.exits import CommandError
from pikku_cli.scaffold.setup import Setup, set_up

if TYPE_CHECKING:
    from pathlib import Path

ALL = ["tool.pikku.source", "tool.mypy.mypy_path", "tool.pyright.extraPaths"]


def prepared(root: Path, **files: str) -> Setup:
    """What becomes of a folder with a package `app` and files, dots in their names written `__`."""
    (root / "app").mkdir()
    (root / "app/functions.py").touch()
    for name, text in files.items():
        (root / name.replace("__", ".")).write_text(text)
    return set_up(root)


def test_a_folder_gets_settings_checkers_and_what_git_ignores(tmp_path: Path) -> None:
    setup = prepared(tmp_path)
    assert setup.added == {"pyproject.toml": ALL, ".gitignore": [".pikku/"]}
    assert '[tool.pikku]\nsource = ["app"]\n' in setup.texts["pyproject.toml"]
    assert setup.texts[".gitignore"] == ".pikku/\n"


def test_an_empty_folder_is_a_project_too(tmp_path: Path) -> None:
    assert set_up(tmp_path).texts["pyproject.toml"].startswith("[tool.pikku]\n\n[tool.mypy]")


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    text = '[project]\nname = "shop"  # ours\n'
    setup = prepared(tmp_path, pyproject__toml=text, __gitignore="*.pyc\n")
    assert setup.texts["pyproject.toml"].startswith(text)
    assert setup.texts[".gitignore"] == "*.pyc\n.pikku/\n"


def test_a_second_time_nothing_is_missing(tmp_path: Path) -> None:
    setup = prepared(tmp_path)
    for name, text in setup.texts.items():
        (tmp_path / name).write_text(text)
    assert set_up(tmp_path) == Setup()


@pytest.mark.parametrize("line", [".pikku", "/.pikku/", ".pikku/ "])
def test_a_folder_that_is_ignored_already_is_not_added(tmp_path: Path, line: str) -> None:
    assert ".gitignore" not in prepared(tmp_path, __gitignore=f"a\n{line}\n").texts


def test_another_folder_of_generated_files_is_heeded(tmp_path: Path) -> None:
    setup = prepared(tmp_path, pyproject__toml='[tool.pikku]\nout = "gen"\n')
    assert setup.texts[".gitignore"] == "gen/\n"
    assert 'mypy_path = "gen/types"' in setup.texts["pyproject.toml"]


def test_a_key_that_says_something_else_is_left_to_a_person(tmp_path: Path) -> None:
    text = '[tool.mypy]\nmypy_path = "stubs"\n[tool.pyright]\nextraPaths = ["stubs"]\n'
    setup = prepared(tmp_path, pyproject__toml=text)
    assert setup.left == [
        'Add ".pikku/types" to "mypy_path" of "tool.mypy" in "pyproject.toml".',
        'Add ".pikku/types" to "extraPaths" of "tool.pyright" in "pyproject.toml".',
    ]
    assert setup.added["pyproject.toml"] == ["tool.pikku.source"]


def test_files_of_the_checkers_own_are_left_to_a_person(tmp_path: Path) -> None:
    setup = prepared(tmp_path, mypy__ini="[mypy]\n", pyrightconfig__json="{}")
    assert setup.left == [
        'Add "mypy_path = .pikku/types" to "mypy.ini".',
        'Add ".pikku/types" to "extraPaths" in "pyrightconfig.json".',
    ]


def test_settings_of_mypy_in_setup_cfg_stay_those_that_it_reads(tmp_path: Path) -> None:
    setup = prepared(tmp_path, setup__cfg="[metadata]\n[mypy]\nstrict = True\n")
    assert setup.left == ['Add "mypy_path = .pikku/types" to "setup.cfg".']
    assert "tool.mypy" not in setup.texts["pyproject.toml"]
    (tmp_path / "setup.cfg").write_text("[mypy]\nmypy_path = .pikku/types\n")
    assert set_up(tmp_path).left == []


def test_a_table_that_nothing_can_be_put_into_is_left_to_a_person(tmp_path: Path) -> None:
    setup = prepared(tmp_path, pyproject__toml="tool.mypy = {strict = true}\n")
    assert any("nothing can be put into" in sentence for sentence in setup.left)


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"[project]\r\nname = 'shop'\r\n")
    assert set_up(tmp_path).texts["pyproject.toml"].startswith("[project]\r\nname = 'shop'\r\n")


def test_a_folder_in_a_project_is_none_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pikku]\n")
    (tmp_path / "inner").mkdir()
    with pytest.raises(CommandError, match="is a project already"):
        set_up(tmp_path / "inner")


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool")
    with pytest.raises(CommandError, match=r'pyproject\.toml" is not TOML'):
        set_up(tmp_path)
