"""Measures the command `pikku` as a process, on a synthetic application: `python benchmarks/generate.py`.

CPU is user and system time of the process and the ones it starts; memory is the largest of them. Bytecode is cached, as it
is where the packages are installed.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from generate_app import generate_app

COMMAND = [sys.executable, "-m", "pikku_cli"]


def run(folder: Path, *arguments: str) -> float:
    """The CPU seconds of one command."""
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def show(what: str, seconds: list[float]) -> None:
    print(f"{what:24} cpu {min(seconds):.2f} s (to {max(seconds):.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the command pikku.")
    parser.add_argument("--functions", type=int, nargs="+", default=[1000])
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    for functions in given.functions:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            generate_app(folder, functions=functions)
            run(folder)
            cold: list[float] = []
            for _ in range(given.repeat):
                shutil.rmtree(folder / ".pikku")
                cold.append(run(folder))
            show(f"{functions} functions, cold", cold)
            show(f"{functions} functions, warm", [run(folder) for _ in range(given.repeat)])
            show("pikku --help", [run(folder, "--help") for _ in range(given.repeat)])
            show("pikku plugins", [run(folder, "plugins") for _ in range(given.repeat)])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{'largest process':24} {peak:.0f} MB")


if __name__ == "__main__":
    main()
