"""Names that new code may have, and why others are refused."""

from __future__ import annotations

import ast
import re
import sys
from keyword import iskeyword
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.scaffold.names import check_name, check_package_name
from pikku_core.sources import is_module

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["greet", "send-welcome", "SendWelcome", "send_welcome2", "match"])
def test_a_name_is_accepted_as_people_write_it(name: str) -> None:
    assert check_name(name).name == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", '"" is no name'),
        ("2fast", '"2fast" is no name'),
        ("send welcome", '"send welcome" is no name'),
        ("shop.greet", '"shop.greet" is no name'),
        ("_greet", '"_greet" is no name'),
        ("greet!", '"greet!" is no name'),
        ("../greet", '"../greet" is no name'),
        ("class", '"class" is a keyword of Python'),
        ("Import", '"import" is a keyword of Python'),
        ("none", '"None" is a keyword of Python'),
        ("list", '"list" would hide what Python calls so'),
        ("value-error", '"ValueError" would hide what Python calls so'),
        ("test_greet", '"test_greet.py" would not be read as source'),
        ("Con", '"con" is a device on Windows'),
        ("lpt1", '"lpt1" is a device on Windows'),
        ("x" * 101, '"xxxxxxxxxxxxxxxxxxxx..." is too long'),
        ("conftest", '"conftest.py" would not be read as source'),
    ],
)
def test_a_name_is_refused_in_one_sentence(name: str, reason: str) -> None:
    with pytest.raises(CommandError) as refused:
        check_name(name)
    assert str(refused.value).startswith(reason)
    assert refused.value.code == ExitCode.USAGE


@pytest.mark.parametrize("name", ["json", "email", "pydantic", "pikku-core", "tests", "src"])
def test_a_package_hides_no_other(name: str) -> None:
    with pytest.raises(CommandError, match=re.escape(f'"{name.replace("-", "_")}"')):
        check_package_name(name)
    if name not in {"tests", "src"}:
        assert check_name(name).name == name  # a module in a package may have it


def test_a_folder_of_the_working_directory_is_no_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    naming = check_package_name("shop")
    assert (naming.package, naming.folder) == ("shop", "src/shop")


@given(st.text("abXY19-_", min_size=1, max_size=8) | st.text(min_size=1, max_size=4))
def test_what_is_accepted_can_be_a_module_a_function_and_a_class(name: str) -> None:
    try:
        naming = check_name(name)
    except CommandError:
        return
    ast.parse(f"def {naming.snake}(): ...\nclass {naming.pascal}: ...")
    assert not iskeyword(naming.snake)
    assert is_module(f"{naming.snake}.py")
