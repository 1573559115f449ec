"""The repository speaks of itself alone: no registry, no path of a machine, no promise in place of code."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOSTS = re.compile(r"https?://[^\s\"')>]*(?:pypi|npm|registry|artifact|/simple\b)", re.IGNORECASE)
PATHS = re.compile(
    r"(?<![\w.:/~$}*-])/(?:work|farm|root|opt|home|Users)/[\w.-]|\b[A-Z]:\\\\?Users\b"
)
SOURCES = re.compile(r"\.\./(?:shared|notes)\b|\bDESIGN\.md\b|\bissues? #?\d+\b", re.IGNORECASE)
PROMISES = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|raise NotImplementedError)\b")


def tracked() -> list[Path]:
    """The text files of the repository, tracked or about to be."""
    listing = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True).stdout.split(b"\0")
    files = sorted(ROOT / name.decode() for name in names if name)
    return [one for one in files if one.is_file() and b"\0" not in one.read_bytes()]


def findings(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for file in files
        if file != Path(__file__)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("pattern", [HOSTS, PATHS, SOURCES], ids=["hosts", "paths", "sources"])
def test_no_file_names_a_registry_a_machine_or_how_the_work_was_organised(
    pattern: re.Pattern[str],
) -> None:
    assert findings(pattern, tracked()) == []


def test_no_package_promises_what_it_does_not_do() -> None:
    assert findings(PROMISES, sorted(ROOT.glob("packages/*/src/**/*.py"))) == []
