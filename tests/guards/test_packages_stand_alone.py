"""Each package works from its own wheel: in one shared environment an undeclared import would never be seen."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(ROOT.glob("packages/pikku-*"))
# Imports every module of a package but those that are a program, or that say they need an extra.
IMPORT_ALL = """
import importlib, pkgutil, sys
root = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
    if not found.name.endswith("__main__") and not found.name.startswith(tuple(sys.argv[2:])):
        importlib.import_module(found.name)
"""
# Modules and packages that need an optional dependency when they are imported, which nothing else may import at the top. Commands
# are imported by the tool alone, which brings Typer.
OPTIONAL = [
    "pikku_core.testing.pytest_plugin",
    "pikku_http.http.observe.spans",
    "pikku_http.testing.client",
    "pikku_queue.queue.celery.",
    "pikku_queue.queue.commands.",
    "pikku_queue.scheduler.commands",
    "pikku_queue.scheduler.redis",
]
# A project whose jobs are in Redis, as far as a program needs it to try.
OPEN_REDIS = """
from pikku_core import App
from pikku_core.services.clock import SystemClock
from pikku_queue.queue.connection import backend_of
backend_of(App([], settings={"queue": {"broker": "redis://localhost"}}), SystemClock(), {})
"""


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel of every package, and constraints that admit no other of that name."""
    out = tmp_path_factory.mktemp("wheels")
    for folder in FOLDERS:
        run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", out, folder)
    names = {wheel.name.partition("-")[0].replace("_", "-"): wheel for wheel in out.glob("*.whl")}
    ours = "".join(f"{name} @ {wheel.as_uri()}\n" for name, wheel in sorted(names.items()))
    (out / "ours.txt").write_text(ours)
    return out


def install(environment: Path, wheels: Path, package: str) -> Path:
    """Makes an environment that holds a package and what it requires; returns its interpreter."""
    uv = [sys.executable, "-m", "uv", "-q"]
    run(*uv, "venv", "--python", sys.executable, environment)
    python = environment / "bin" / "python"
    constraints: list[str | Path] = ["-c", "constraints.txt", "-c", wheels / "ours.txt"]
    run(*uv, "pip", "install", "--python", python, *constraints, package)
    return python


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_module_imports_where_only_the_package_is_installed(
    folder: Path, wheels: Path, tmp_path: Path
) -> None:
    python = install(tmp_path / "venv", wheels, folder.name)
    # `pikku_app` is the alias of a project's generated files, so there must be a project.
    (tmp_path / ".pikku").mkdir()
    (tmp_path / ".pikku" / "pikku_bootstrap_gen.py").touch()
    for source in sorted((folder / "src").iterdir()):
        run(python, "-W", "error", "-c", IMPORT_ALL, source.name, *OPTIONAL, cwd=tmp_path)


def test_a_broker_whose_extra_is_not_installed_names_it(wheels: Path, tmp_path: Path) -> None:
    python = install(tmp_path / "venv", wheels, "pikku-queue")
    result = subprocess.run(
        [python, "-c", OPEN_REDIS], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert 'needs Celery: install "pikku-queue[celery]".' in result.stderr


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_wheel_holds_every_module_its_types_and_the_licence(folder: Path, wheels: Path) -> None:
    (wheel,) = wheels.glob(f"{folder.name.replace('-', '_')}-*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    source = folder / "src"
    files = {one.relative_to(source).as_posix() for one in source.rglob("*") if one.is_file()}
    wanted = {one for one in files if not one.endswith(".pyc")}
    assert wanted - held == set()
    assert any(one.endswith("/licenses/LICENSE") for one in held)
