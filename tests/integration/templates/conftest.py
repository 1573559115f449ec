"""What `pikku new` writes, and the tools that its author would run on it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from pikku_core.plugin.loader import load_plugins

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATES = load_plugins().templates


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that something was written into."""

    root: Path

    def run(self, *arguments: str, **variables: str) -> str:
        """Runs a module of this environment there, which must succeed, and returns what it wrote."""
        names = [name for name in os.environ if name.startswith(("PIKKU_", "PYTEST_"))]
        own = {name: value for name, value in os.environ.items() if name not in names}
        result = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.root,
            env=own | {"COLUMNS": "200", "NO_COLOR": "1"} | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{arguments}\n{result.stdout}{result.stderr}"
        return result.stdout

    def pikku(self, *arguments: str, **variables: str) -> str:
        """Runs the tool there."""
        return self.run("pikku_cli", *arguments, **variables)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Folder]:
    """A folder for each template that stands alone; `project` has one of everything else in it, and so has `flat`.

    The latter is an empty folder that was made a project, with a package beside `pyproject.toml`.
    """
    place = Folder(tmp_path_factory.mktemp("written"))
    folders: dict[str, Folder] = {}
    for name, template in TEMPLATES.items():
        if template.standalone:
            place.pikku("new", *name.split(), f"acme-{name}")
            folders[name] = Folder(place.root / f"acme-{name}")
    folders["flat"] = flat = Folder(place.root / "flat")
    flat.root.mkdir()
    flat.pikku("init")
    flat.pikku("new", "function", "first", "--package", "shop")
    for folder in (folders["project"], flat):
        # Wirings come last, for they are given the function.
        for name in sorted(TEMPLATES, key=lambda name: (name.startswith("wiring "), name)):
            if not TEMPLATES[name].standalone:
                folder.pikku("new", *name.split(), "try-out")
    return folders
