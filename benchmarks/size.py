"""What each package takes on disk where it is installed with all that it requires, and how many distributions those are.

```console
$ python benchmarks/size.py
```

Each package's wheel is built and installed into an empty folder, as pip does it with `--target`; bytecode and extras are not counted.
One MB is 1,000,000 bytes. `tests/guards/test_install_size.py` holds the limits.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = tuple(sorted(folder.name for folder in ROOT.glob("packages/pikku-*")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What lies in a folder into which one package was installed.

    Attributes:
        own, all: Bytes of the package itself, and of everything.
        dependencies: The other distributions, sorted.
    """

    own: int
    all: int
    dependencies: tuple[str, ...]


def build(out: Path) -> dict[str, Path]:
    """Builds the wheels of all packages; returns them by name."""
    for package in PACKAGES:
        run(sys.executable, "-m", "build", "-n", "-w", "-o", out, ROOT / "packages" / package)
    return {wheel.name.partition("-")[0].replace("_", "-"): wheel for wheel in out.glob("*.whl")}


def measure(package: str, wheels: dict[str, Path], folder: Path) -> Installed:
    """Installs one package into a folder that is not there yet."""
    ours = folder.with_suffix(".txt")
    ours.write_text("".join(f"{name} @ {wheel.as_uri()}\n" for name, wheel in wheels.items()))
    uv = (sys.executable, "-m", "uv", "-q", "pip", "install", "--python", sys.executable)
    run(*uv, "--target", folder, "-c", ROOT / "constraints.txt", "-c", ours, package)
    names = {found.name.partition("-")[0].replace("_", "-") for found in folder.glob("*.dist-info")}
    normal = package.replace("-", "_")
    own = [folder / normal, *folder.glob(f"{normal}-*.dist-info")]
    own += [folder / "pikku_app"] if package == "pikku-core" else []
    return Installed(
        own=sum(map(size, own)),
        all=size(folder),
        dependencies=tuple(sorted(names - {package})),
    )


def size(folder: Path) -> int:
    """The bytes of the files in a folder, without bytecode."""
    files = (one for one in folder.rglob("*") if one.is_file() and one.suffix != ".pyc")
    return sum(one.stat().st_size for one in files)


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        wheels = build(Path(name) / "wheels")
        for package in PACKAGES:
            found = measure(package, wheels, Path(name) / package)
            print(
                f"{package:12} {found.own / 1e6:5.2f} MB, with {len(found.dependencies):2} dependencies "
                f"{found.all / 1e6:6.2f} MB: {', '.join(found.dependencies)}"
            )


if __name__ == "__main__":
    main()
