"""A part of the example: the tags alone, served without the services and modules of all else."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from httpx2 import Client

if TYPE_CHECKING:
    from collections.abc import Callable

PIKKU = str(Path(sys.executable).with_name("pikku"))
STARTED = """
import asyncio, json, sys
from pikku_core import App

async def main():
    async with App.load(".pikku") as app:
        for wiring in app.wirings("http"):
            wiring.load()
        print(json.dumps(sorted(name for name in sys.modules if name.startswith("conduit"))))

asyncio.run(main())
"""


@pytest.fixture
def part(root: Path, tmp_path: Path) -> Callable[..., Path]:
    """A copy of the example in which `pikku` ran with some flags."""

    def generate(*flags: str) -> Path:
        folder = tmp_path / "conduit"
        if not folder.exists():
            ignored = shutil.ignore_patterns(".pikku", "__pycache__", "*.sqlite*")
            shutil.copytree(root / "examples" / "conduit", folder, ignore=ignored)
        subprocess.run([PIKKU, *flags], cwd=folder, check=True)
        return folder

    return generate


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {"CONDUIT_DATABASE": str(folder / "test.sqlite"), "PYTHONPATH": "src"}


def test_the_tags_need_little_of_the_example(part: Callable[..., Path]) -> None:
    folder = part("--http-routes=/api/tags")
    command = [sys.executable, "-c", STARTED]
    done = subprocess.run(
        command, cwd=folder, env=environment(folder), check=True, capture_output=True, text=True
    )
    modules: list[str] = json.loads(done.stdout)
    assert "conduit.functions.tags" in modules
    unneeded = ("articles", "comments", "users", "profiles", "tokens", "passwords", "wirings")
    assert [name for name in modules if name.endswith(unneeded)] == []


def test_the_tags_are_served_and_nothing_else(part: Callable[..., Path]) -> None:
    folder = part("--http-routes=/api/tags")
    with subprocess.Popen(
        [PIKKU, "serve", "--port", "0"],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            where = next(
                match[0]
                for line in process.stdout
                if (match := re.search(r"http://127\.0\.0\.1:\d+", line))
            )
            with Client(base_url=f"{where}/api") as client:
                assert client.get("/tags").json() == {"tags": []}
                assert client.get("/articles").status_code == 404
                assert client.post("/users", json={}).status_code == 404
        finally:
            process.terminate()
            process.communicate(timeout=30)


def test_all_of_it_comes_back_without_filters(part: Callable[..., Path]) -> None:
    def files(folder: Path) -> dict[str, bytes]:
        found = (path for path in (folder / ".pikku").rglob("*") if ".cache" not in path.parts)
        return {str(path): path.read_bytes() for path in found if path.is_file()}

    whole = files(part())
    assert files(part("--tags=users", "--exclude-http-methods=put")) != whole
    assert files(part()) == whole
