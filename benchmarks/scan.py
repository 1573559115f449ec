"""CPU and memory of the scan API on a synthetic application.

```console
$ python benchmarks/scan.py --functions 1000 10000 --repeat 5
```

Every figure is the CPU time (user and system) of `pikku_core.scan.scan` in a process of its own, imports of the scanner
and of what the plugins' scan rules and wiring kinds name excluded; the smallest of the repetitions stands first, the
largest behind it. `cold` has no cache, `warm` the cache of an unchanged source, `one changed` that cache and one edited
file. Memory is the peak of the process. Schemas are no part of a scan.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generate_app import generate_app


def measure(root: Path, cache: Path | None) -> dict[str, float]:
    """Scans once in this process."""
    from pikku_core.plugin.loader import load_plugins
    from pikku_core.plugin.target import resolve
    from pikku_core.scan import scan
    from pikku_core.settings import load_settings

    registry = load_plugins()
    settings = load_settings(root, registry)
    targets = [rule.read for rule in registry.scan_rules.values()]
    targets += [kind.exposed for kind in registry.wiring_kinds.values() if kind.exposed]
    for target in targets:
        resolve(target)
    started = time.process_time()
    project = scan(root, settings, registry, cache=cache)
    used = time.process_time() - started
    errors = [str(found) for found in project.diagnostics if found.severity == "error"]
    if errors:
        raise SystemExit("\n".join(errors[:5]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "cpu": used,
        "memory": peak,
        "functions": len(project.functions),
        "wirings": len(project.wirings),
    }


def run(root: Path, cache: Path | None) -> dict[str, float]:
    """Scans once in a new process."""
    command = [sys.executable, __file__, "--measure", str(root), *([str(cache)] if cache else [])]
    answer: dict[str, float] = json.loads(subprocess.check_output(command))
    return answer


def report(functions: int, repeat: int) -> None:
    """Measures one size and prints a row for each state of the cache."""
    folder = Path(tempfile.mkdtemp(prefix="pikku-scan-"))
    try:
        root, cache = folder / "app", folder / "cache"
        generate_app(root, functions=functions, files=max(10, functions // 5))
        edited = root / "app" / "feature_0000" / "functions_0.py"
        cold = [run(root, None) for _ in range(repeat)]
        time.sleep(2.1)  # a cache does not trust the time of a file that has only just changed
        run(root, cache)
        warm = [run(root, cache) for _ in range(repeat)]
        changed: list[dict[str, float]] = []
        for _ in range(repeat):
            edited.write_text(edited.read_text() + "\n")
            changed.append(run(root, cache))
        for title, figures in (("cold", cold), ("warm", warm), ("one changed", changed)):
            cpu = [found["cpu"] for found in figures]
            memory = max(found["memory"] for found in figures)
            print(
                f"{int(figures[0]['functions']):6} functions {int(figures[0]['wirings']):6} wirings  {title:12}"
                f" cpu {min(cpu):.3f} s (to {max(cpu):.3f})  peak {memory:.0f} MB"
            )
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """The command line."""
    if sys.argv[1:2] == ["--measure"]:
        root, *cache = map(Path, sys.argv[2:])
        print(json.dumps(measure(root, cache[0] if cache else None)))
        return
    parser = argparse.ArgumentParser(description="Measures the scan API.")
    parser.add_argument("--functions", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    for functions in given.functions:
        report(functions, given.repeat)


if __name__ == "__main__":
    main()
