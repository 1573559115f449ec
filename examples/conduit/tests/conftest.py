"""The application in this process, with a database of its own for every test, and users who call it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Client

from pikku_core.testing import BlockingApp, PikkuProject
from pikku_http.testing import client_of

API = "http://conduit/api"


@pytest.fixture
def app(pikku: PikkuProject, tmp_path: Path) -> Iterator[BlockingApp]:
    variables = {
        "CONDUIT_DATABASE": str(tmp_path / "conduit.sqlite"),
        "CONDUIT_OUTBOX": str(tmp_path / "outbox"),
    }
    with pikku.app(variables=variables) as app:
        yield app


@pytest.fixture
def anybody(app: BlockingApp) -> Iterator[Client]:
    with client_of(app, base_url=API) as client:
        yield client


@pytest.fixture
def jake(app: BlockingApp) -> Iterator[Client]:
    with client_of(app, base_url=API) as client:
        yield registered(client, "jake")


@pytest.fixture
def jane(app: BlockingApp) -> Iterator[Client]:
    with client_of(app, base_url=API) as client:
        yield registered(client, "jane")


@pytest.fixture
def article(jake: Client) -> dict[str, Any]:
    """An article that Jake has published."""
    draft = {
        "title": "How to train your dragon",
        "description": "Ever wonder how?",
        "body": "It takes a Jacobian",
        "tagList": ["reactjs", "angularjs", "dragons"],
    }
    published: dict[str, Any] = jake.post("/articles", json={"article": draft}).json()["article"]
    return published


def registered(client: Client, username: str) -> Client:
    """The client as a user of that name, whose password is "secret"."""
    account = {"username": username, "email": f"{username}@conduit.test", "password": "secret"}
    answer = client.post("/users", json={"user": account})
    client.headers["authorization"] = f"Token {answer.json()['user']['token']}"
    return client
