"""How long it takes `pikku dev` from a saved edit to the first request that it answers.

```console
$ pip install packages/pikku-core packages/pikku-http packages/pikku-cli examples/conduit
$ python benchmarks/dev.py --functions 1000 --repeat 9
```

A copy of `examples/conduit` and a synthetic application each get one more function with a route, whose text is edited. What is
measured is the time on the clock from the write until a client that asks again and again, each time on a new connection, gets
the new text. Bytecode is cached.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generate_app import generate_app

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).parents[1]
DEV = "import sys; sys.argv[0] = 'pikku'; from pikku_cli.main import main; main()"
PROBE = """from pikku_core import pikku_sessionless_func
from pikku_http import wire_http


@pikku_sessionless_func
async def edited() -> str:
    return "{text}"


wire_http(method="get", route="/edited", func=edited)
"""
DEADLINE = 120.0


@contextmanager
def dev(folder: Path, *, lazy: bool) -> Generator[str]:
    """Runs `pikku dev` in a project and gives the address of its server."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept["PIKKU_HTTP_LAZY"] = str(lazy).lower()
    command = [sys.executable, "-u", "-c", DEV, "dev", "--port", "0", "--log-level", "error"]
    log = folder.parent / f"{folder.name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=kept, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + DEADLINE
        while not (ready := re.search(r"http ready: (http://\S+)", log.read_text())):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"pikku dev did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield ready[1]
    finally:
        process.terminate()
        process.wait(DEADLINE)


def asked(url: str) -> str:
    """The answer to a request; nothing where there is none yet."""
    try:
        with urllib.request.urlopen(url, timeout=DEADLINE) as answer:
            text: str = answer.read().decode()
            return text
    except (urllib.error.URLError, ConnectionError):
        return ""


def measure(folder: Path, package: str, repeat: int, *, lazy: bool = False) -> list[float]:
    """The times from a write to its answer, in seconds."""
    module = folder / package / "edited.py"
    module.write_text(PROBE.format(text="0"))
    times: list[float] = []
    with dev(folder, lazy=lazy) as url:
        for number in range(1, repeat + 2):
            while asked(f"{url}/edited") != f'"{number - 1}"':
                time.sleep(0.05)
            time.sleep(0.5)  # an editor saves what has been at rest
            module.write_text(PROBE.format(text=number))
            saved = time.perf_counter()
            while asked(f"{url}/edited") != f'"{number}"':
                if time.perf_counter() - saved > DEADLINE:
                    raise SystemExit("the edit was never served")
                time.sleep(0.005)
            times.append(time.perf_counter() - saved)
    return times[1:]  # the first finds caches that are not yet trusted


def show(what: str, times: list[float]) -> None:
    print(f"{what:32} {statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures pikku dev, from a save to an answer.")
    parser.add_argument("--functions", type=int, nargs="+", default=[1000])
    parser.add_argument("--repeat", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        example = Path(name) / "conduit"
        ignored = shutil.ignore_patterns(".pikku", "__pycache__", "*.sqlite*")
        shutil.copytree(ROOT / "examples" / "conduit", example, ignore=ignored)
        show("examples/conduit", measure(example, "src/conduit", given.repeat))
        for functions in given.functions:
            folder = Path(name) / f"app-{functions}"
            generate_app(folder, functions=functions, files=max(10, functions // 5))
            show(f"{functions} functions", measure(folder, "app", given.repeat))
            lazy = measure(folder, "app", given.repeat, lazy=True)
            show(f"{functions} functions, http.lazy", lazy)


if __name__ == "__main__":
    main()
