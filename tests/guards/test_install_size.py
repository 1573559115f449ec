"""What a package takes where it is installed: the core goes into small bundles."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
# MB with all that is required, and how many other distributions that is.
LIMITS = {
    "pikku-core": (12.0, 11),
    "pikku-http": (30.0, 18),
    "pikku-queue": (12.0, 14),
    "pikku-mcp": (36.0, 34),
    "pikku-cli": (20.0, 20),
}


@pytest.fixture(scope="module")
def program() -> dict[str, Any]:
    """`benchmarks/size.py`, which prints what is measured here."""
    return runpy.run_path(str(ROOT / "benchmarks" / "size.py"))


@pytest.fixture(scope="module")
def wheels(program: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    built: dict[str, Path] = program["build"](tmp_path_factory.mktemp("wheels"))
    return built


def test_every_package_has_a_limit(program: dict[str, Any]) -> None:
    assert set(program["PACKAGES"]) == set(LIMITS)


@pytest.mark.parametrize("package", LIMITS)
def test_a_package_stays_small(
    package: str, program: dict[str, Any], wheels: dict[str, Path], tmp_path: Path
) -> None:
    found = program["measure"](package, wheels, tmp_path / package)
    megabytes, dependencies = LIMITS[package]
    assert found.all <= megabytes * 1e6
    assert len(found.dependencies) <= dependencies, found.dependencies
