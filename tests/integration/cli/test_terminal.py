"""What a person sees on a terminal: tables that fit, colours unless they are not wanted, a line for long work."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from typing import TYPE_CHECKING

import pytest
from tests.integration.cli.conftest import PIKKU, TIMEOUT, environment

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def seen(project: Project, *arguments: str, columns: int = 80, **variables: str) -> str:
    """What a terminal of that width shows."""
    driver, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    own = environment(TERM="xterm", **variables)
    for name in ("COLUMNS", "NO_COLOR"):
        if name not in variables:
            del own[name]
    process = subprocess.Popen(
        [PIKKU, *arguments],
        cwd=project.root,
        env=own,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    shown = b""
    try:
        while part := os.read(driver, 4096):
            shown += part
    except OSError:  # the other end is closed
        pass
    os.close(driver)
    process.wait(TIMEOUT)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_table_fits_the_terminal_and_loses_nothing(project: Project, columns: int) -> None:
    lines = ESCAPES.sub("", seen(project, "info", columns=columns)).splitlines()
    assert max(len(line) for line in lines) <= columns
    words = " ".join(lines).split()
    assert {"forever", "greet", "journal"} <= set(words)
    assert not any("…" in word for word in words)


def test_what_is_no_terminal_gets_plain_columns(project: Project) -> None:
    text = project.run("info").stdout
    assert "\x1b[" not in text
    assert "  Function   Place" in text


def test_diagnostics_have_colours_unless_they_are_not_wanted(project: Project) -> None:
    project.replace("functions", "journal: Journal", "jornal: Journal")
    assert "\x1b[31m\x1b[1mPKU" in seen(project, "check")
    assert "\x1b[" not in seen(project, "check", NO_COLOR="1")
    forced = project.run("check", FORCE_COLOR="1", NO_COLOR="")
    assert "\x1b[31m\x1b[1mPKU" in forced.stdout


def test_work_of_more_than_a_second_is_spoken_of_on_a_terminal(project: Project) -> None:
    # The schema process imports the module of a data type, and waits until the line has been seen.
    os.mkfifo(project.root / "pipe")
    project.write(
        models="from pathlib import Path\nfrom pydantic import BaseModel\n"
        "Path('pipe').read_text()\n\n\nclass Order(BaseModel):\n    id: int\n",
        orders="from app.models import Order\nfrom pikku_core import pikku_sessionless_func\n\n\n"
        "@pikku_sessionless_func\nasync def order(data: Order) -> None: ...\n",
    )
    driver, terminal = pty.openpty()
    process = subprocess.Popen(
        [PIKKU],
        cwd=project.root,
        env=environment(TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    )
    os.close(terminal)
    shown = b""
    while b"Reading the source: " not in shown:
        shown += os.read(driver, 4096)
    (project.root / "pipe").write_text("go on")
    out, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0
    assert "Reading" not in out
    while not shown.endswith(b"\r\x1b[K"):
        shown += os.read(driver, 4096)
    os.close(driver)
