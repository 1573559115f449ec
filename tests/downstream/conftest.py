"""Wheels of ours and of strangers, and fresh environments that hold nothing but them and what they require."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

collect_ignore = ["line_transport"]  # tests of its own, which run where its wheel is installed
ROOT = Path(__file__).parents[2]
DOWNSTREAM = Path(__file__).parent
TIMEOUT = 60.0
"""Seconds after which a process that does not do what a test waits for is killed: the test fails, and ends."""

Wheelhouse: TypeAlias = Callable[[str], Path]
VenvWith: TypeAlias = Callable[..., "Environment"]


@dataclass(frozen=True, slots=True)
class Server:
    """A running process of a test."""

    process: subprocess.Popen[str]
    output: list[str]
    """The lines that it wrote so far."""

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Reads on until a line matches, and returns the match."""
        assert self.process.stdout is not None
        killer = threading.Timer(TIMEOUT, self.process.kill)
        killer.start()
        try:
            for line in self.process.stdout:
                self.output.append(line)
                if match := re.search(pattern, line):
                    return match
        finally:
            killer.cancel()
        raise AssertionError(f'No line matches "{pattern}":\n{"".join(self.output)}')

    def terminate(self) -> None:
        """Asks the process to finish, as a supervisor does (SIGTERM)."""
        self.process.terminate()

    def wait(self) -> int:
        """Reads to the end of the process and returns its exit code."""
        rest, _ = self.process.communicate(timeout=TIMEOUT)
        self.output.append(rest)
        return self.process.returncode

    def stop(self) -> int:
        """Ends the process; see `terminate` and `wait`."""
        self.terminate()
        return self.wait()


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment with some of the wheels, apart from the one that runs the tests."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def variables(self, **more: str) -> dict[str, str]:
        """What its processes see: its scripts come first, and nothing of the tests' own environment leaks in."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        for name in [name for name in own if name.startswith("PIKKU_")]:
            del own[name]
        path = f"{self.folder / 'bin'}{os.pathsep}{own.get('PATH', '')}"
        return own | {"PATH": path, "VIRTUAL_ENV": str(self.folder), "COLUMNS": "200"} | more

    def run(
        self, *command: str | Path, cwd: Path, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command of the environment to its end, whatever its exit code."""
        return subprocess.run(
            [self.folder / "bin" / command[0], *command[1:]],
            cwd=cwd,
            env=self.variables(**variables),
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
        )

    @contextmanager
    def serve(self, *command: str | Path, cwd: Path, **variables: str) -> Iterator[Server]:
        """Runs a command of the environment beside the test, and kills it where the test does not stop it."""
        process = subprocess.Popen(
            [self.folder / "bin" / command[0], *command[1:]],
            cwd=cwd,
            env=self.variables(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        with process:
            try:
                yield Server(process, [])
            finally:
                process.kill()


def distributions() -> dict[str, Path]:
    """The folder of every distribution, ours and the strangers', by name."""
    files = [*ROOT.glob("packages/*/pyproject.toml"), *DOWNSTREAM.glob("**/pyproject.toml")]
    return {tomllib.loads(file.read_text())["project"]["name"]: file.parent for file in files}


def run(*command: str | Path) -> str:
    """Runs a command, which must succeed, and returns what it wrote."""
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Wheelhouse:
    """Gives the wheel of a distribution by name: `wheelhouse("acme-line")`; each is built once."""
    folders = distributions()
    out = tmp_path_factory.mktemp("wheels")
    built: dict[str, Path] = {}

    def wheel(name: str) -> Path:
        if name not in built:
            folder = folders[name]
            command = ("build", "--no-isolation", "--wheel", "--outdir", out / name, folder)
            run(sys.executable, "-m", *command)
            (built[name],) = (out / name).glob("*.whl")
        return built[name]

    return wheel


def requirement(name: str, wheelhouse: Wheelhouse) -> str:
    """What installs the wheel of a distribution with the extras that its name has."""
    distribution, bracket, extras = name.partition("[")
    return f"{wheelhouse(distribution)}{bracket}{extras}"


@pytest.fixture(scope="session")
def venv_with(wheelhouse: Wheelhouse, tmp_path_factory: pytest.TempPathFactory) -> VenvWith:
    """Gives the environment that holds pikku-core and the wheels of the names: `venv_with("pikku-http", "acme-line")`.

    A name may have extras: `pikku-core[testing]`. What they require comes pinned, as in the workspace. Environments are shared by the tests: nothing may change one.
    """
    made: dict[frozenset[str], Environment] = {}

    def environment(*names: str) -> Environment:
        wanted = frozenset({"pikku-core", *names})
        if wanted not in made:
            folder = tmp_path_factory.mktemp("venv") / "venv"
            wheels = [requirement(name, wheelhouse) for name in sorted(wanted)]
            run(sys.executable, "-m", "uv", "venv", "--python", sys.executable, folder)
            pip = (sys.executable, "-m", "uv", "pip", "install", "--python", folder)
            run(*pip, "--constraint", ROOT / "constraints.txt", *wheels)
            made[wanted] = Environment(folder)
        return made[wanted]

    return environment


@pytest.fixture(scope="session")
def acme(venv_with: VenvWith) -> Environment:
    """The environment of the strangers' project: the tool, HTTP, a transport and an addon of theirs."""
    return venv_with("pikku-http", "pikku-cli", "acme-line", "acme-mail")


@pytest.fixture(scope="session")
def shop(acme: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The strangers' project with what `pikku` generated; nothing may change it."""
    folder = shutil.copytree(DOWNSTREAM / "project", tmp_path_factory.mktemp("shop") / "shop")
    result = acme.run("pikku", cwd=folder)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


@pytest.fixture
def branch(shop: Path, tmp_path: Path) -> Path:
    """A copy of `shop` for a test that changes it."""
    return shutil.copytree(shop, tmp_path / "shop")
