"""Somebody new: does what docs/getting-started.md says, word by word, in an empty folder, with wheels of this checkout.

    python tests/journeys/newcomer.py [FOLDER]

The virtual environment is the page's own and nothing of the one that runs this can be seen; what our packages require comes
from the package index, in the versions that the workspace has pinned. Needs the distribution `build`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "getting-started.md"
RUNNER = ROOT / "tests" / "guards" / "docs_blocks.py"
PACKAGES = ("pikku-cli", "pikku-core", "pikku-http")


def journey(folder: Path, wheels: Path) -> subprocess.CompletedProcess[str]:
    """Runs the page in a folder.

    Args:
        folder: Empty, and in no project.
        wheels: A folder to build ours into.
    """
    return subprocess.run(
        [sys.executable, RUNNER, PAGE],
        cwd=folder,
        env=surroundings(built(wheels)),
        capture_output=True,
        text=True,
        check=False,
    )


def built(wheels: Path) -> Path:
    """Builds our wheels; returns a file of constraints that admits no other distributions of these names."""
    lines: list[str] = []
    for package in PACKAGES:
        out = wheels / package
        build = (sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", out)
        subprocess.run([*build, ROOT / "packages" / package], check=True, capture_output=True)
        (wheel,) = out.glob("*.whl")
        lines.append(f"{package} @ {wheel.as_uri()}\n")
    ours = wheels / "ours.txt"
    ours.write_text("".join(lines))
    return ours


def surroundings(ours: Path) -> dict[str, str]:
    """The variables of a shell in which no environment is active, and `python3` is the one behind this environment's."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIKKU_", "PYTEST_", "PYTHON", "VIRTUAL_ENV"))
    }
    active = Path(sys.executable).parent
    path = [one for one in own.get("PATH", "").split(os.pathsep) if Path(one) != active]
    return own | {
        "PATH": os.pathsep.join([f"{sys.base_prefix}/bin", *path]),
        "PIP_CONSTRAINT": f"{ROOT / 'constraints.txt'} {ours}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="newcomer-") as scratch:
        place = Path(sys.argv[1]) if sys.argv[1:] else Path(scratch, "folder")
        place.mkdir(exist_ok=True)
        result = journey(place, Path(scratch, "wheels"))
    print(result.stdout, result.stderr, sep="", end="")
    sys.exit(result.returncode)
