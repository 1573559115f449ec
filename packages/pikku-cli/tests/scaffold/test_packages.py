"""Where something new goes in a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_cli.exits import CommandError
from pikku_cli.scaffold.packages import folder_of, packages
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def project(root: Path, *files: str, source: tuple[str, ...] = ()) -> Settings:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()
    return Settings(root=root, source=source)


def test_the_only_package_is_taken_in_either_layout(tmp_path: Path) -> None:
    flat = project(
        tmp_path / "flat", "app/__init__.py", "app/functions/greet.py", "tests/test_a.py"
    )
    assert folder_of(flat, None) == ("app", "app")
    inner = project(tmp_path / "inner", "src/shop/__init__.py", "src/shop/functions/greet.py")
    assert folder_of(inner, None) == ("shop", "src/shop")


def test_an_entry_of_source_is_a_package_even_while_it_is_empty(tmp_path: Path) -> None:
    settings = project(tmp_path, "src/shop/README.md", source=("src/shop",))
    assert folder_of(settings, None) == ("shop", "src/shop")


def test_a_package_below_is_named(tmp_path: Path) -> None:
    settings = project(tmp_path, "src/shop/__init__.py", "src/shop/admin/users.py")
    assert packages(settings) == {"shop": "src/shop", "shop.admin": "src/shop/admin"}
    assert folder_of(settings, "shop.admin") == ("shop.admin", "src/shop/admin")


def test_what_is_above_an_entry_of_source_is_no_package_of_the_project(tmp_path: Path) -> None:
    settings = project(tmp_path, "services/shop/__init__.py", source=("services/shop",))
    assert packages(settings) == {"services.shop": "services/shop"}
    assert folder_of(settings, None) == ("services.shop", "services/shop")


def test_among_several_one_is_chosen(tmp_path: Path) -> None:
    settings = project(tmp_path, "shop/__init__.py", "billing/__init__.py")
    assert folder_of(settings, "shop") == ("shop", "shop")
    with pytest.raises(CommandError, match='"billing", "shop": choose one with "--package"'):
        folder_of(settings, None)


def test_a_package_that_is_not_there_is_met_with_the_nearest(tmp_path: Path) -> None:
    settings = project(tmp_path, "shop/admin/__init__.py")
    with pytest.raises(CommandError, match=r'no package "shop\.admn"\. Did you mean "shop\.admin"'):
        folder_of(settings, "shop.admn")


def test_a_project_without_packages_gets_one_that_is_named(tmp_path: Path) -> None:
    flat = project(tmp_path / "flat", "pyproject.toml")
    with pytest.raises(CommandError, match="no package yet"):
        folder_of(flat, None)
    assert folder_of(flat, "shop") == ("shop", "shop")
    assert folder_of(project(tmp_path / "inner", "src/x.txt"), "shop") == ("shop", "src/shop")
    with pytest.raises(CommandError, match='"json" would hide'):
        folder_of(flat, "json")


def test_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r'"source" of "pyproject\.toml" names "app"'):
        packages(project(tmp_path, source=("app",)))
