"""What it costs to start: CPU over that of a bare interpreter.

```console
$ pip install fastapi packages/pikku-core packages/pikku-http packages/pikku-queue packages/pikku-mcp packages/pikku-cli
$ python benchmarks/start.py --repeat 21
```

Each row is a process of its own; the rows take turns, and each figure is user and system time less the median of the bare
interpreter's. The commands run in an empty project. Bytecode is cached, as it is where packages are installed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

BARE = "python"
PIKKU = "import sys; sys.argv[0] = 'pikku'; from pikku_cli.main import main; main()"
ROWS: dict[str, list[str]] = {
    BARE: ["-c", "pass"],
    "import pikku_core": ["-c", "import pikku_core"],
    "from pikku_core import App": ["-c", "from pikku_core import App"],
    "import pikku_http": ["-c", "import pikku_http"],
    "import pydantic": ["-c", "from pydantic import BaseModel"],
    "import typer": ["-c", "import typer"],
    "import fastapi": ["-c", "import fastapi"],
    "pikku --version": ["-c", PIKKU, "--version"],
    "pikku --help": ["-c", PIKKU, "--help"],
    "pikku plugins": ["-c", PIKKU, "plugins"],
}


def environment() -> dict[str, str]:
    """That of this process, with bytecode cached."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def cpu(arguments: list[str], folder: Path) -> float:
    """The CPU time of one process, in ms."""
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env=environment(), stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments} ended with {process.returncode}")
    return (used.ru_utime + used.ru_stime) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures what it costs to start.")
    parser.add_argument("--repeat", type=int, default=21)
    given = parser.parse_args()
    found: dict[str, list[float]] = {name: [] for name in ROWS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pyproject.toml").touch()
        for arguments in ROWS.values():  # writes bytecode
            cpu(arguments, folder)
        for _ in range(given.repeat):
            for row, arguments in ROWS.items():
                found[row].append(cpu(arguments, folder))
    bare = statistics.median(found[BARE])
    print(f"bare interpreter: {bare:.1f} ms ({min(found[BARE]):.1f} to {max(found[BARE]):.1f})")
    for row, times in found.items():
        if row != BARE:
            over = sorted(one - bare for one in times)
            median = statistics.median(over)
            print(f"{row:28} {median:7.1f} ms over it ({over[0]:.1f} to {over[-1]:.1f})")


if __name__ == "__main__":
    main()
