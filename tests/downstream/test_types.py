"""What a stranger writes against the installed packages is typed throughout, and so is a project that uses it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.downstream.conftest import Environment, VenvWith

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


@pytest.fixture(scope="module")
def environment(venv_with: VenvWith) -> Environment:
    return venv_with("pikku-http", "pikku-cli", "acme-line", "acme-mail")


@pytest.fixture
def shop(environment: Environment, tmp_path: Path) -> Path:
    """The project, with a fresh `.pikku/`."""
    folder = shutil.copytree(HERE / "project", tmp_path / "shop")
    result = environment.run("pikku", cwd=folder)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


def mypy(environment: Environment, folder: Path, *what: str) -> str:
    python = ("--python-executable", environment.python)
    return output(folder, "mypy", *python, "--no-error-summary", *what)


def pyright(environment: Environment, folder: Path) -> str:
    return output(folder, "pyright", "--pythonpath", environment.python)


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
    environment: Environment, distribution: str
) -> None:
    folder = HERE / distribution
    assert mypy(environment, folder, "src") == ""
    assert pyright(environment, folder).startswith("0 errors")


def test_a_project_passes_both_checkers(environment: Environment, shop: Path) -> None:
    assert mypy(environment, shop, ".") == ""
    assert pyright(environment, shop).startswith("0 errors")


def test_both_checkers_find_wrong_examples_data_and_names(
    environment: Environment, shop: Path
) -> None:
    (shop / "app" / "seeded.py").write_text(SEEDED)
    assert lines(mypy(environment, shop, ".")) == WRONG
    assert lines(pyright(environment, shop)) == WRONG
