"""All packages are released together, under one version."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(ROOT.glob("packages/pikku-*"))


def project(folder: Path) -> dict[str, Any]:
    metadata: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    return metadata


def test_all_packages_have_one_version() -> None:
    assert len({project(folder)["version"] for folder in FOLDERS}) == 1


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_package_accepts_only_siblings_of_its_own_minor_version(folder: Path) -> None:
    metadata = project(folder)
    minor = ".".join(metadata["version"].split(".")[:2])
    optional = metadata.get("optional-dependencies", {})
    required = [*metadata["dependencies"], *(name for extra in optional.values() for name in extra)]
    siblings = [requirement for requirement in required if requirement.startswith("pikku-")]
    assert [one for one in siblings if not re.fullmatch(rf"[\w\-\[\],]+~={minor}\.0", one)] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_package_is_named_after_its_folder_and_module(folder: Path) -> None:
    assert project(folder)["name"] == folder.name
    assert (folder / "src" / folder.name.replace("-", "_") / "py.typed").is_file()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_version_in_the_code_is_that_of_the_package(folder: Path) -> None:
    code = (folder / "src" / folder.name.replace("-", "_") / "__init__.py").read_text()
    stated = re.search(r'^__version__ = "(.*)"$', code, re.MULTILINE)
    assert stated is None or stated[1] == project(folder)["version"]


def test_the_changelog_has_an_entry_for_the_version() -> None:
    version = project(FOLDERS[0])["version"]
    assert re.search(
        rf"^## .*{re.escape(version)}", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
