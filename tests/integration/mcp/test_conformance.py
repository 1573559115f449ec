"""The official conformance suite against an application that is written with nothing but the public API."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.integration.http.node import NODE, installed

if TYPE_CHECKING:
    from pathlib import Path

SUITE = "@modelcontextprotocol/conformance@0.2.0-alpha.12"
TASKS = re.compile(r"tasks-")
"""The scenarios of an extension that is not offered; the suite does not score them."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite, as npm has it."""
    folder = installed(tmp_path_factory.mktemp("conformance"), SUITE)
    return folder / "node_modules/@modelcontextprotocol/conformance/dist/index.js"


def results(suite: Path, url: str, revision: str) -> dict[str, tuple[int, int]]:
    """How many checks of each scenario passed and failed."""
    command = [NODE, str(suite), "server", "--url", url, "--requirements", revision]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    _, _, summary = done.stdout.partition("=== SUMMARY ===")
    rows = re.findall(r"^. ([\w/-]+): (\d+) passed, (\d+) failed$", summary, re.MULTILINE)
    assert rows, done.stdout + done.stderr
    return {name: (int(passed), int(failed)) for name, passed, failed in rows}


def test_what_revision_2025_11_25_requires_holds(suite: Path, everything_url: str) -> None:
    found = results(suite, everything_url, "2025-11-25")
    assert {name for name, (_, failed) in found.items() if failed} == set()
    assert sum(passed for passed, _ in found.values()) == 81
    assert len(found) == 33


def test_what_revision_2026_07_28_requires_holds(suite: Path, everything_url: str) -> None:
    found = results(suite, everything_url, "2026-07-28")
    failing = {name for name, (_, failed) in found.items() if failed}
    assert {name for name in failing if not TASKS.match(name)} == set()
    assert sum(passed for passed, _ in found.values()) == 169
    assert sum(failed for _, failed in found.values()) == 25
