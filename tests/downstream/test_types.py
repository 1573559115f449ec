"""What a stranger writes against the installed packages is typed throughout, and so is a project that uses it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.downstream.conftest import Environment

HERE = Path(__file__).parent
SEEDED = """from __future__ import annotations

from typing import TYPE_CHECKING

from acme_line import wire_line
from acme_mail.models import Mail

from app.functions import add, caller
from app.models import Login, Sum

if TYPE_CHECKING:
    from pikku_app import Rpc

wire_line(verb="ECHO", func=add, example=Login(name="ada"))
wire_line(verb="ECHO", func=caller, example=Sum(left=1, right=2))
wire_line(verb="ECHO", func=add, auth=False)


async def wrong(rpc: Rpc) -> None:
    await rpc.acme.send(Login(name="ada"))
    await rpc.acme.sned(Mail(to="ada", text=""))
    await rpc.invoke("acme:sned", Mail(to="ada", text=""))
"""
WRONG = {14, 15, 16, 20, 21, 22}


def mypy(acme: Environment, folder: Path, *what: str) -> str:
    python = ("--python-executable", acme.python)
    return output(folder, "mypy", *python, "--no-error-summary", *what)


def pyright(acme: Environment, folder: Path) -> str:
    return output(folder, "pyright", "--pythonpath", acme.python)


def output(folder: Path, *command: str | Path) -> str:
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    return result.stdout + result.stderr


def lines(text: str) -> set[int]:
    """The lines of `seeded.py` in which a checker found an error."""
    return {int(line) for line in re.findall(r"seeded\.py:(\d+)(?::\d+ -|:) error", text)}


@pytest.mark.parametrize("distribution", ["line_transport", "acme_addon"])
def test_a_strangers_distribution_passes_both_checkers(
    acme: Environment, distribution: str
) -> None:
    folder = HERE / distribution
    assert mypy(acme, folder, "src") == ""
    assert pyright(acme, folder).startswith("0 errors")


def test_a_project_passes_both_checkers(acme: Environment, branch: Path) -> None:
    assert mypy(acme, branch, ".") == ""
    assert pyright(acme, branch).startswith("0 errors")


def test_both_checkers_find_wrong_examples_data_and_names(acme: Environment, branch: Path) -> None:
    (branch / "app" / "seeded.py").write_text(SEEDED)
    assert lines(mypy(acme, branch, ".")) == WRONG
    assert lines(pyright(acme, branch)) == WRONG
