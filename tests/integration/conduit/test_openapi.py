"""What the OpenAPI document of the example says is what the example does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from httpx2 import Client

COMMAND = Path(sys.executable).with_name("schemathesis")
CONFIG = Path(__file__).with_name("schemathesis.toml")
HOOKS = Path(__file__).with_name("schemathesis_hooks.py")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_example_does_what_its_document_says(
    seed: int,
    project: Path,
    serve: Callable[..., AbstractContextManager[str]],
    register: Callable[[str, str], AbstractContextManager[Client]],
    tmp_path: Path,
) -> None:
    document = project / ".pikku" / "http" / "openapi.gen.json"
    with serve(tmp_path / "conduit.sqlite") as api, register(api, "jake") as jake:
        token = jake.headers["authorization"].removeprefix("Token ")
        command = [str(COMMAND), "--config-file", str(CONFIG), "run", str(document)]
        options = ["--checks", "all", "--phases", "examples,coverage,fuzzing,stateful"]
        options += ["--url", api.removesuffix("/api"), "--seed", str(seed), "--max-examples", "10"]
        headers = ["--header", f"Authorization: Bearer {token}"]
        done = subprocess.run(
            [*command, *options, *headers],
            cwd=tmp_path,
            env=os.environ | {"SCHEMATHESIS_HOOKS": str(HOOKS)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout
