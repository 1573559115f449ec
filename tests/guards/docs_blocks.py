"""Runs the code blocks of one page of documentation, in order, in the current folder (an empty one).

    python docs_blocks.py docs/page.md

- ```` ```python ```` is executed; all such blocks of a page share one module, and may `await` at the top level.
- ```` ```python ```` or ```` ```toml ```` whose first line is a comment such as `# app/users.py` is written to that file.
- ```` ```toml ```` otherwise must parse.
- ```` ```console ````: each line after `$ ` is a command (a trailing backslash continues it). The lines that follow are
  what it prints, standard error included; `...` stands for any text. Without such lines it must succeed. `cd` lasts, and so
  do exported variables.
- ```` ```console server ````: the last command stays alive until the end of the page. The page goes on once the
  printed lines have appeared.
- ```` ```console soon ````: each command is repeated until it prints what stands there, as a person would who has just changed
  a file.
- ```` ```console repo ````: runs at the root of a fresh checkout of this repository.
- Port 8000 stands for a free port, which is also in `PORT`; 6379, that of Redis, for another one.

Blocks of any other language are for reading.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(?P<info>\S[^\n`]*)\n(?P<body>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^# ([\w.\-/]+\.\w+)$")
SECONDS = 300
SOON = 60
OF_THE_SHELL = {"_", "OLDPWD", "PWD", "SHLVL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    language: str
    words: frozenset[str]
    body: str
    line: int


@dataclass(slots=True, kw_only=True)
class Command:
    text: str
    line: int
    printed: list[str] = field(default_factory=list[str])


def blocks(page: str) -> list[Block]:
    found: list[Block] = []
    for match in FENCE.finditer(page):
        language, *words = match["info"].split()
        line = page.count("\n", 0, match.start("body")) + 1
        found.append(
            Block(language=language, words=frozenset(words), body=match["body"], line=line)
        )
    return found


def commands(block: Block) -> list[Command]:
    found: list[Command] = []
    continued = False
    for number, line in enumerate(block.body.splitlines(), block.line):
        if continued:
            found[-1].text += f"\n{line.removeprefix('> ')}"
        elif line.startswith("$ "):
            found.append(Command(text=line[2:], line=number))
        elif found:
            found[-1].printed.append(line.rstrip())
        else:
            raise SystemExit(f"line {number}: a console block starts with a line after `$ `")
        continued = line.endswith("\\") and not found[-1].printed
    for command in found:
        while command.printed and not command.printed[-1]:
            command.printed.pop()
    return found


def pattern(printed: list[str]) -> re.Pattern[str]:
    """Matches what was printed; a line that is only `...` stands for any number of lines, none included."""
    parts = ["" if line == "..." else f"{line}\n" for line in printed]
    escaped = [re.escape(part).replace(re.escape("..."), ".*") if part else ".*" for part in parts]
    return re.compile("".join(escaped), re.DOTALL)


def lines(output: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in output.strip("\n").splitlines())


class Page:
    """The state that the blocks of one page share."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.module = ModuleType("page")
        self.servers: list[subprocess.Popen[bytes]] = []
        self.scratch = Path.cwd() / ".docs"
        with socket.socket() as free, socket.socket() as another:
            for one in (free, another):
                one.bind(("127.0.0.1", 0))
            self.port, self.redis = str(free.getsockname()[1]), str(another.getsockname()[1])

    def run(self) -> None:
        sys.modules["page"] = self.module
        sys.path[0] = str(Path.cwd())
        os.environ |= {"PORT": self.port, "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "100"}
        self.scratch.mkdir()
        try:
            for block in blocks(self.path.read_text(encoding="utf-8")):
                self.run_block(block)
        finally:
            for server in self.servers:
                if server.poll() is None:
                    os.killpg(server.pid, signal.SIGTERM)
                    server.wait(SECONDS)

    def run_block(self, block: Block) -> None:
        if block.language == "console":
            self.run_console(block)
        elif block.language in {"python", "toml"}:
            first, _, rest = block.body.partition("\n")
            if named := FILE.match(first):
                file = Path(named[1])
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(rest.lstrip("\n"), encoding="utf-8")
            elif block.language == "toml":
                tomllib.loads(block.body)
            else:
                self.run_python(block)

    def run_python(self, block: Block) -> None:
        source = "\n" * (block.line - 1) + block.body
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(source, str(self.path), "exec", flags, dont_inherit=True)
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, self.module.__dict__))
        else:
            exec(code, self.module.__dict__)

    def run_console(self, block: Block) -> None:
        before = Path.cwd()
        if "repo" in block.words:
            os.chdir(self.checkout())
        todo = commands(block)
        for command in todo:
            text = self.with_ports(command.text)
            wanted = pattern([self.with_ports(one) for one in command.printed])
            if "server" in block.words and command is todo[-1]:
                self.start(command, text, wanted)
            else:
                self.execute(command, text, wanted, soon="soon" in block.words)
        if "repo" in block.words:
            os.chdir(before)

    def with_ports(self, text: str) -> str:
        return re.sub(r"\b6379\b", self.redis, re.sub(r"\b8000\b", self.port, text))

    def execute(
        self, command: Command, text: str, wanted: re.Pattern[str], *, soon: bool = False
    ) -> None:
        result = self.bash(text)
        deadline = time.monotonic() + SOON
        while soon and not wanted.fullmatch(lines(result.stdout)) and time.monotonic() < deadline:
            time.sleep(0.05)
            result = self.bash(text)
        if command.printed and not wanted.fullmatch(lines(result.stdout)):
            self.fail(command, f"it printed (exit {result.returncode}):\n{result.stdout}")
        if not command.printed and result.returncode:
            self.fail(command, f"it failed (exit {result.returncode}):\n{result.stdout}")

    def bash(self, text: str) -> subprocess.CompletedProcess[str]:
        """Runs a command where the one before it has left off."""
        folder, variables = self.scratch / "folder", self.scratch / "variables"
        script = f"{text}\nstatus=$?; pwd >'{folder}'; env -0 >'{variables}'; exit $status"
        result = subprocess.run(
            ["bash", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if folder.is_file():
            os.chdir(folder.read_text().strip())
        if variables.is_file():
            left = (one.partition("=") for one in variables.read_text().split("\0") if one)
            os.environ |= {name: value for name, _, value in left if name not in OF_THE_SHELL}
        return result

    def start(self, command: Command, text: str, wanted: re.Pattern[str]) -> None:
        log = self.scratch / f"server-{len(self.servers)}"
        with log.open("wb") as output:
            server = subprocess.Popen(
                ["bash", "-c", text],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.servers.append(server)
        deadline = time.monotonic() + SECONDS
        while not wanted.search(lines(log.read_text())):
            if server.poll() is not None or time.monotonic() > deadline:
                self.fail(command, f"it did not start; it printed:\n{log.read_text()}")
            time.sleep(0.05)

    def checkout(self) -> Path:
        """A copy of the repository's files, without what a clone would not have."""
        copy = self.scratch / "repo"
        if not copy.exists():
            listing = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
            names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True).stdout
            for name in filter(None, names.decode().split("\0")):
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                if (ROOT / name).exists():
                    shutil.copy2(ROOT / name, copy / name, follow_symlinks=False)
        return copy

    def fail(self, command: Command, what: str) -> None:
        raise SystemExit(f"{self.path.name}:{command.line}: $ {command.text}\n{what}")


if __name__ == "__main__":
    Page(Path(sys.argv[1]).resolve()).run()
