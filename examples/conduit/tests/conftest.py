"""The application in this process, with a database of its own for every test, and users who call it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient

from pikku_core import App
from pikku_http import HttpApplication

PROJECT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def generated() -> Path:
    subprocess.run([Path(sys.executable).with_name("pikku")], cwd=PROJECT, check=True)
    return PROJECT / ".pikku"


@pytest.fixture
async def application(generated: Path, tmp_path: Path) -> AsyncIterator[HttpApplication]:
    variables = {"CONDUIT_DATABASE": str(tmp_path / "conduit.sqlite")}
    async with App.load(generated, variables=variables) as app:
        application = HttpApplication(app)
        application.open()
        yield application


@pytest.fixture
async def anybody(application: HttpApplication) -> AsyncIterator[AsyncClient]:
    async with client(application) as one:
        yield one


@pytest.fixture
async def jake(application: HttpApplication) -> AsyncIterator[AsyncClient]:
    async with client(application) as one:
        yield await registered(one, "jake")


@pytest.fixture
async def jane(application: HttpApplication) -> AsyncIterator[AsyncClient]:
    async with client(application) as one:
        yield await registered(one, "jane")


@pytest.fixture
async def article(jake: AsyncClient) -> dict[str, Any]:
    """An article that Jake has published."""
    draft = {
        "title": "How to train your dragon",
        "description": "Ever wonder how?",
        "body": "It takes a Jacobian",
        "tagList": ["reactjs", "angularjs", "dragons"],
    }
    answer = await jake.post("/articles", json={"article": draft})
    published: dict[str, Any] = answer.json()["article"]
    return published


def client(application: HttpApplication) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(application), base_url="http://conduit/api")


async def registered(client: AsyncClient, username: str) -> AsyncClient:
    """The client as a user of that name, whose password is "secret"."""
    account = {"username": username, "email": f"{username}@conduit.test", "password": "secret"}
    answer = await client.post("/users", json={"user": account})
    client.headers["authorization"] = f"Token {answer.json()['user']['token']}"
    return client
