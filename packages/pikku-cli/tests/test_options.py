"""The options of every command stand before or after its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.options import read_global_options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        ([], ["all"]),
        (["--strict"], ["all", "--strict"]),
        (["--help"], ["--help"]),
        (["-h"], ["-h"]),
        (["serve", "--port", "1"], ["serve", "--port", "1"]),
        (["--disable-plugin", "x"], ["all"]),
    ],
)
def test_without_a_command_it_is_all(arguments: list[str], left: list[str]) -> None:
    assert list(read_global_options(arguments).arguments) == left


@pytest.mark.parametrize(
    "arguments",
    [
        ["--disable-plugin", "a", "--disable-plugin=b", "--no-plugins", "info", "--json"],
        ["info", "--json", "--no-plugins", "--disable-plugin=a", "--disable-plugin", "b"],
        ["--disable-plugin", "a", "info", "--disable-plugin", "b", "--json", "--no-plugins"],
    ],
)
def test_the_place_of_an_option_does_not_matter(arguments: list[str]) -> None:
    options = read_global_options(arguments)
    assert options.arguments == ("info", "--json")
    assert (options.disabled, options.no_plugins) == (("a", "b"), True)


@given(st.lists(st.sampled_from(["--no-plugins", "--disable-plugin=x"])), st.integers(0, 9))
def test_options_anywhere_leave_the_rest_as_it_is(inserted: list[str], place: int) -> None:
    rest = ["serve", "--port", "80"]
    arguments = [*rest[:place], *inserted, *rest[place:]]
    assert list(read_global_options(arguments).arguments) == rest


def test_what_follows_two_dashes_is_left_alone() -> None:
    options = read_global_options(["call", "greet", "--", "--no-plugins", "--version"])
    assert options.arguments == ("call", "greet", "--", "--no-plugins", "--version")
    assert not options.no_plugins


def test_the_version_is_asked_before_the_command_only() -> None:
    assert read_global_options(["--version"]).version
    assert read_global_options(["new", "--version"]).arguments == ("new", "--version")


def test_the_project_is_a_folder(tmp_path: Path) -> None:
    assert read_global_options(["--project", str(tmp_path)]).project == tmp_path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--disable-plugin"], '"--disable-plugin" needs a value'),
        (["--disable-plugin", "--no-plugins"], '"--disable-plugin" needs a value'),
        (["--disable-plugin="], '"--disable-plugin" needs a value'),
        (["--project", "/nowhere/at/all"], 'no folder "/nowhere/at/all"'),
    ],
)
def test_an_option_without_its_value_is_refused(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words) as caught:
        read_global_options(arguments)
    assert caught.value.code is ExitCode.USAGE
