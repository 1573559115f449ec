from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.sources import MissingSourceError, import_roots, list_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pikku_core.plugin.model import Project

FUNCTION = """\
from pikku_core import pikku_sessionless_func
@pikku_sessionless_func
async def greet() -> None: ...
"""


def _modules(root: Path, *source: str) -> list[str]:
    return [found.module for found in list_sources(root, source)]


def test_packages_and_modules_beside_the_project_file_are_source(
    write: Callable[[str], Path],
) -> None:
    root = write("# main.py\n# app/__init__.py\n# app/users.py\n# space/inner.py\n")
    assert _modules(root) == ["app", "app.users", "main", "space.inner"]


def test_what_tests_and_tools_hold_is_no_source(write: Callable[[str], Path]) -> None:
    root = write(
        "# app/users.py\n# app/tests/conftest.py\n# app/test_users.py\n# app/users_test.py\n# tests/x.py\n"
        "# docs/x.py\n# .hidden/x.py\n# build/x.py\n# setup.py\n# app/not-a-module.py\n# app/__pycache__/x.py\n"
    )
    assert _modules(root) == ["app.users"]


def test_a_src_folder_is_the_root_of_imports(write: Callable[[str], Path]) -> None:
    root = write("# src/app/__init__.py\n# src/app/users.py\n# scripts.py\n")
    assert _modules(root) == ["app", "app.users"]
    assert import_roots(root, ()) == [str(root / "src"), str(root)]


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        (("app",), ["app", "app.users"]),
        (("app/users.py",), ["app.users"]),
        (("src/other",), ["other.x"]),
        (("app", "src/other"), ["app", "app.users", "other.x"]),
        ((".",), ["app", "app.users", "main", "src.other.x"]),
        (("src",), ["other.x"]),
    ],
)
def test_the_setting_names_folders_and_modules(
    source: tuple[str, ...], modules: list[str], write: Callable[[str], Path]
) -> None:
    root = write("# main.py\n# app/__init__.py\n# app/users.py\n# src/other/x.py\n")
    assert _modules(root, *source) == modules


def test_a_source_that_does_not_exist_is_named(
    scan_source: Callable[..., Project], write: Callable[[str], Path]
) -> None:
    root = write("# app/users.py\n")
    with pytest.raises(MissingSourceError) as error:
        list_sources(root, ("ap",))
    assert error.value.entry == "ap"
    project = scan_source("# app/users.py\n", source=("ap",))
    assert [str(found.location) for found in project.diagnostics] == ["pyproject.toml:1"]
    assert project.diagnostics[0].code == "PKU756"


def test_a_package_wins_over_a_module_of_its_name(write: Callable[[str], Path]) -> None:
    root = write("# app.py\n# app/__init__.py\n")
    assert [found.file for found in list_sources(root, ())] == ["app/__init__.py"]


def test_files_are_named_relative_to_the_project(scan_source: Callable[..., Project]) -> None:
    project = scan_source(f"# src/app/users.py\n{FUNCTION}")
    assert project.modules == {"app.users": "src/app/users.py"}
    assert str(project.functions["greet"].location) == "src/app/users.py:3"


def test_a_module_whose_import_raises_is_scanned_all_the_same(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(f"# app/users.py\nimport not_installed\nraise SystemExit(1)\n{FUNCTION}")
    assert list(project.functions) == ["greet"]
    assert project.diagnostics == ()


def test_a_broken_file_does_not_hide_the_others(scan_source: Callable[..., Project]) -> None:
    project = scan_source(f"# app/bad.py\nimport pikku_core\ndef (:\n# app/users.py\n{FUNCTION}")
    assert list(project.functions) == ["greet"]
    assert [f"{found.code} {found.location}" for found in project.diagnostics] == [
        "PKU701 app/bad.py:2"
    ]


def test_an_undecodable_file_is_a_diagnostic(
    write: Callable[[str], Path], scan_source: Callable[..., Project]
) -> None:
    root = write(f"# app/users.py\n{FUNCTION}")
    (root / "app" / "bad.py").write_bytes(b"# pikku\nx = '\xff'\n")
    project = scan_source(f"# app/users.py\n{FUNCTION}")
    assert list(project.functions) == ["greet"]
    assert [found.code for found in project.diagnostics] == ["PKU701"]
