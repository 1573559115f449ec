"""A stranger's transport passes the suite of transports: from wheels, where nothing else is installed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.downstream.conftest import Environment, VenvWith

SUITE = Path(__file__).parent / "line_transport" / "tests" / "test_conformance.py"
PYTEST = ("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error")


@pytest.fixture(scope="module")
def environment(venv_with: VenvWith) -> Environment:
    """The transport with the testing kit and what that needs: no HTTP, no tool."""
    return venv_with("pikku-core[testing]", "acme-line")


def test_the_line_transport_passes_the_suite(environment: Environment, tmp_path: Path) -> None:
    shutil.copy(SUITE, tmp_path)
    result = environment.run(*PYTEST, cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"^3\d passed", result.stdout, re.MULTILINE), result.stdout


BROKEN = """
from test_conformance import TestLine as Suite
import acme_line.runner as runner

class Broken(runner.Runner):
    async def answer(self, text, connection):
        return await super().answer(text.replace(b"value", b"label"), connection)

class TestBroken(Suite):
    def setup_method(self):
        import acme_line.serve
        acme_line.serve.Runner = Broken

    def teardown_method(self):
        import acme_line.serve
        acme_line.serve.Runner = runner.Runner

del Suite
"""


def test_the_suite_finds_a_transport_that_spoils_data(
    environment: Environment, tmp_path: Path
) -> None:
    shutil.copy(SUITE, tmp_path)
    (tmp_path / "test_broken.py").write_text(BROKEN)
    result = environment.run(*PYTEST, "test_broken.py", cwd=tmp_path)
    assert result.returncode == 1
    assert "test_data_reaches_the_function_and_its_result_the_caller" in result.stdout
