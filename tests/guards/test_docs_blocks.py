"""Every python, toml and console block of the documentation runs: `docs_blocks.py` says how a page is written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# That one installs what it is about: tests/journeys runs it, with the wheels of this checkout.
ELSEWHERE = ROOT / "docs" / "getting-started.md"
PAGES = [ROOT / "README.md", *sorted({*ROOT.glob("docs/**/*.md")} - {ELSEWHERE})]


def run_page(page: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a page's blocks in a folder, with this environment's commands first on the path."""
    scripts = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, str(Path(__file__).with_name("docs_blocks.py")), str(page)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_blocks_of_a_page_run(page: Path, tmp_path: Path) -> None:
    result = run_page(page, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


GOOD = """
```toml
# pyproject.toml
[project]
name = "demo"
```
```python
# app/greet.py
def greet(name: str) -> str:
    return f"Hello {name}"
```
```python
import asyncio
from app.greet import greet
await asyncio.sleep(0)
text = greet("you")
```
```python
assert text == "Hello you"
```
```console
$ cd app
$ ls *.py && \\
> echo done
greet.py
...
done
$ test "$(basename "$PWD")" = app
$ export COLOUR=blue
$ echo $COLOUR
blue
```
```console soon
$ echo x >> tries; grep -c x tries
3
```
```console server
$ python -c 'import time; print("listening on 8000", flush=True); time.sleep(60)'
listening on 8000
```
```console repo
$ ls scripts && test ! -e .venv && echo clean
example
setup
test
clean
```
```text
not run at all
```
"""


def test_a_page_is_a_session_in_one_folder(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(GOOD)
    result = run_page(page, tmp_path)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("```python\n1 / 0\n```\n", "ZeroDivisionError"),
        ("```toml\na = \n```\n", "TOMLDecodeError"),
        ("```console\n$ false\n```\n", "page.md:2: $ false\nit failed (exit 1)"),
        ("```console\n$ echo a\nb\n```\n", "page.md:2: $ echo a\nit printed (exit 0):\na"),
        ("```console\n$ echo ab\na\n```\n", "it printed (exit 0):\nab"),
        ("```console server\n$ echo a; exit 3\nready\n```\n", "it did not start; it printed:\na"),
        ("```console\necho a\n```\n", "line 2: a console block starts with a line after `$ `"),
    ],
)
def test_a_block_that_does_not_hold_fails_with_its_line(
    block: str, message: str, tmp_path: Path
) -> None:
    page = tmp_path / "page.md"
    page.write_text(block)
    result = run_page(page, tmp_path)
    assert result.returncode != 0
    assert message in result.stderr
