"""A project that uses everything HTTP has does what its OpenAPI document says, whatever it is sent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from httpx2 import Client
from tests.integration.http.conftest import SERVE, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.http.conftest import Server

COMMANDS = Path(sys.executable).parent
PROJECT = Path(__file__).parents[2] / "downstream" / "everything"
CONFIG = Path(__file__).with_name("everything.toml")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, generated."""
    root = tmp_path_factory.mktemp("everything") / "project"
    shutil.copytree(PROJECT, root, ignore=shutil.ignore_patterns("__pycache__", ".pikku"))
    (root / "files").mkdir()
    (root / "files" / "hello.txt").write_text("Hello, world")
    subprocess.run([COMMANDS / "pikku"], cwd=root, check=True, capture_output=True)
    return root


@pytest.fixture
def server(project: Path) -> Iterator[Server]:
    """The project as it begins."""
    with running(project, SERVE) as server:
        yield server


def cookie(server: Server, kind: str) -> str:
    """The cookie of a session that has just begun."""
    with Client(base_url=server.url) as client:
        answer = client.post(f"/sessions/{kind}", json={"user": "ada"})
    return answer.headers["set-cookie"].partition("=")[2].partition(";")[0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_does_what_its_document_says(
    seed: int, server: Server, project: Path, tmp_path: Path
) -> None:
    document = project / ".pikku" / "http" / "openapi.gen.json"
    command = [str(COMMANDS / "schemathesis"), "--config-file", str(CONFIG), "run", str(document)]
    options = ["--checks", "all", "--phases", "examples,coverage,fuzzing,stateful"]
    options += ["--url", server.url, "--seed", str(seed), "--max-examples", "10"]
    cookies = {"SIGNED": cookie(server, "signed"), "STORED": cookie(server, "stored")}
    done = subprocess.run(
        [*command, *options],
        cwd=tmp_path,
        env=os.environ | cookies,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "Stateful" in done.stdout
