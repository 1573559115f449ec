"""`pikku serve` in the example's folder, as a process of its own, with a database of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest
from httpx2 import Client

PIKKU = str(Path(sys.executable).with_name("pikku"))
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")

Serve: TypeAlias = Callable[..., AbstractContextManager[str]]
Register: TypeAlias = Callable[[str, str], AbstractContextManager[Client]]


@pytest.fixture(scope="session")
def project(root: Path) -> Path:
    folder = root / "examples" / "conduit"
    subprocess.run([PIKKU], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="session")
def serve(project: Path) -> Serve:
    """Serves a database while the context lasts and gives the API's address; SIGTERM must end it well."""

    @contextmanager
    def serving(database: Path, **variables: str) -> Generator[str]:
        own = {
            "CONDUIT_DATABASE": str(database),
            "CONDUIT_OUTBOX": str(database.with_name("outbox")),
            "PIKKU_QUEUE_DATABASE": str(database.with_name("queue.db")),
        }
        environment = os.environ | own | variables
        command = [PIKKU, "serve", "--port", "0"]
        with subprocess.Popen(
            command,
            cwd=project,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                yield f"{announced(process)}/api"
            finally:
                process.terminate()
                output, _ = process.communicate(timeout=30)
        assert process.returncode == 0, output

    return serving


@pytest.fixture(scope="session")
def register() -> Register:
    """Registers a user of that name, whose password is "secret", and gives a client that is this user."""

    @contextmanager
    def registered(api: str, username: str) -> Generator[Client]:
        account = {"username": username, "email": f"{username}@conduit.test", "password": "secret"}
        with Client(base_url=api) as client:
            answer = client.post("/users", json={"user": account})
            assert answer.status_code == 201, answer.text
            client.headers["authorization"] = f"Token {answer.json()['user']['token']}"
            yield client

    return registered


def announced(process: subprocess.Popen[str]) -> str:
    """The address that the server prints once it listens."""
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        address = ADDRESS.search(line)
        if address:
            return address[0]
    raise AssertionError(f"The server ended without listening:\n{printed}")
