"""The tool as a process, in a small project that needs no transport."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

FUNCTIONS = """
from pikku_core import pikku_func, pikku_service, pikku_sessionless_func


@pikku_service
def clock() -> int:
    return 12


@pikku_sessionless_func(tags=["greeting"])
async def greet(data: str, *, clock: int) -> str:
    return f"{clock}: hello, {data}"


@pikku_func
async def leave() -> None: ...
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two functions and a service."""
    root = tmp_path / "shop"
    (root / "app").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.pikku]\nsource = ["app"]\n')
    (root / "app/functions.py").write_text(FUNCTIONS.lstrip())
    return root


def _runner(folder: Path) -> Run:
    """Runs the tool in a folder, or another one, to its end."""

    def run(
        *arguments: str, cwd: Path = folder, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("PIKKU_")}
        return subprocess.run(
            [sys.executable, "-m", "pikku_cli", *arguments],
            cwd=cwd,
            env=own | {"COLUMNS": "200", "NO_COLOR": "1"} | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def pikku(project: Path) -> Run:
    """Runs the tool in the project's folder."""
    return _runner(project)


@pytest.fixture(scope="session")
def runner() -> Callable[[Path], Run]:
    """Makes a function that runs the tool in the given folder."""
    return _runner
