"""The `pikku` command as real processes, in a project that each test has for itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

PIKKU = str(Path(sys.executable).with_name("pikku"))
TIMEOUT = 60.0
"""Seconds after which a process that does not do what a test waits for is killed: the test fails, and ends."""

FUNCTIONS = '''
from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core import pikku_sessionless_func

if TYPE_CHECKING:
    from app.services import Journal


@pikku_sessionless_func(expose="public")
async def greet(*, journal: Journal) -> str:
    journal.write("greeted")
    return "hello"


@pikku_sessionless_func
def read_pipe() -> str:
    """Answers when somebody has written to a named pipe."""
    return Path("pipe").read_text()


@pikku_sessionless_func
async def forever() -> None:
    """Writes to a named pipe when it has begun, and never answers."""
    Path("pipe").write_text("begun")
    await asyncio.Event().wait()
'''
SERVICES = """
from collections.abc import Iterator
from pathlib import Path

from pikku_core import pikku_service


class Journal:
    def write(self, line: str) -> None:
        with Path("journal").open("a") as journal:
            journal.write(f"{line}\\n")


@pikku_service
def journal() -> Iterator[Journal]:
    journal = Journal()
    journal.write("opened")
    yield journal
    journal.write("closed")
"""
WIRINGS = """
from app.functions import forever, greet, read_pipe
from pikku_http import wire_http

wire_http(method="get", route="/greet", func=greet)
wire_http(method="get", route="/pipe", func=read_pipe)
wire_http(method="get", route="/forever", func=forever)
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A process beside the test."""

    process: subprocess.Popen[str]
    output: list[str] = field(default_factory=list[str])

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

    def address(self) -> str:
        """Where it serves HTTP, once it does."""
        return self.wait_for(r"http ready: (http://[\d.:]+)")[1]

    def stop(self) -> int:
        """Sends SIGTERM and returns the exit code."""
        self.process.terminate()
        return self.end()

    def end(self) -> int:
        """Waits for its end and returns the exit code."""
        rest, _ = self.process.communicate(timeout=TIMEOUT)
        self.output.append(rest)
        return self.process.returncode

    @property
    def text(self) -> str:
        """All that it printed so far."""
        return "".join(self.output)


@dataclass(frozen=True, slots=True)
class Project:
    """A project in a folder."""

    root: Path

    def write(self, **files: str) -> None:
        """Writes modules of the package `app`."""
        for name, text in files.items():
            self.module(name).write_text(dedent(text).lstrip("\n"))

    def module(self, name: str) -> Path:
        return self.root / "app" / f"{name}.py"

    def replace(self, name: str, before: str, after: str) -> None:
        """Changes a module, as an editor does: at once."""
        module = self.module(name)
        text = module.read_text()
        assert before in text
        changed = module.with_suffix(".new")
        changed.write_text(text.replace(before, after))
        changed.replace(module)

    def journal(self) -> list[str]:
        """What the services wrote."""
        journal = self.root / "journal"
        return journal.read_text().split() if journal.exists() else []

    def run(
        self, *arguments: str, cwd: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs `pikku` to its end, whatever its exit code."""
        return subprocess.run(
            [PIKKU, *arguments],
            cwd=cwd or self.root,
            env=environment(**variables),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )

    @contextmanager
    def running(self, *arguments: str, **variables: str) -> Generator[Running]:
        """Runs `pikku` beside the test and kills it where the test does not stop it."""
        process = subprocess.Popen(
            [PIKKU, *arguments],
            cwd=self.root,
            env=environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        with process:
            try:
                yield Running(process)
            finally:
                process.kill()


def environment(**variables: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("PIKKU_")}
    return own | {"COLUMNS": "200", "NO_COLOR": "1"} | variables


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two functions over HTTP and a service that keeps a journal; nothing is generated yet."""
    root = tmp_path / "shop"
    (root / "app").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.pikku]\nsource = ["app"]\n')
    made = Project(root)
    made.write(__init__="", functions=FUNCTIONS, services=SERVICES, wirings=WIRINGS)
    return made


@pytest.fixture
def generated(project: Project) -> Project:
    """The project with fresh generated files."""
    result = project.run()
    assert result.returncode == 0, result.stdout + result.stderr
    return project
