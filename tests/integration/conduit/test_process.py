"""What outlives a process of the example, and what many clients at once do to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from typing import TYPE_CHECKING, TypeAlias

from httpx2 import Client

if TYPE_CHECKING:
    from pathlib import Path

Serve: TypeAlias = Callable[..., AbstractContextManager[str]]
Register: TypeAlias = Callable[[str, str], AbstractContextManager[Client]]

DRAFT = {"title": "Dragons", "description": "d", "body": "b"}


def test_data_and_tokens_survive_a_restart(
    serve: Serve, register: Register, tmp_path: Path
) -> None:
    database = tmp_path / "conduit.sqlite"
    with serve(database) as api, register(api, "jake") as jake:
        token = jake.headers["authorization"]
        slug = jake.post("/articles", json={"article": DRAFT}).json()["article"]["slug"]
    with serve(database) as api, Client(base_url=api) as client:
        answer = client.delete(f"/articles/{slug}", headers={"authorization": token})
        assert answer.status_code == 204


def test_a_token_of_another_secret_is_refused(
    serve: Serve, register: Register, tmp_path: Path
) -> None:
    database = tmp_path / "conduit.sqlite"
    with serve(database, CONDUIT_SECRET="one") as api, register(api, "jake") as jake:
        token = jake.headers["authorization"]
    with serve(database, CONDUIT_SECRET="two") as api, Client(base_url=api) as client:
        answer = client.get("/user", headers={"authorization": token})
        assert (answer.status_code, answer.json()) == (401, {"errors": {"token": ["is invalid"]}})


def test_no_password_is_stored_as_it_is(serve: Serve, register: Register, tmp_path: Path) -> None:
    database = tmp_path / "conduit.sqlite"
    with serve(database) as api, register(api, "jake"):
        pass
    with closing(sqlite3.connect(database)) as connection:
        ((stored,),) = connection.execute("SELECT password_hash FROM users").fetchall()
    assert stored.startswith("$argon2id$")


def test_many_clients_at_once_lose_nothing(
    serve: Serve, register: Register, tmp_path: Path
) -> None:
    with serve(tmp_path / "conduit.sqlite") as api, register(api, "jake") as jake:
        slug = jake.post("/articles", json={"article": DRAFT}).json()["article"]["slug"]

        def visit(number: int) -> list[int]:
            with register(api, f"reader{number}") as reader:
                comment = {"comment": {"body": f"Comment {number}"}}
                answers = [
                    reader.post(f"/articles/{slug}/favorite"),
                    reader.post(f"/articles/{slug}/comments", json=comment),
                    reader.post("/articles", json={"article": DRAFT}),
                    reader.get("/articles"),
                ]
            return [answer.status_code for answer in answers]

        with ThreadPoolExecutor(16) as readers:
            statuses = list(readers.map(visit, range(16)))
        assert statuses == [[200, 201, 201, 200]] * 16
        assert jake.get(f"/articles/{slug}").json()["article"]["favoritesCount"] == 16
        assert len(jake.get(f"/articles/{slug}/comments").json()["comments"]) == 16
        articles = jake.get("/articles").json()
        assert articles["articlesCount"] == 17
        assert len({article["slug"] for article in articles["articles"]}) == 17


def test_of_two_who_register_one_name_at_once_one_gets_it(serve: Serve, tmp_path: Path) -> None:
    with serve(tmp_path / "conduit.sqlite") as api, Client(base_url=api) as client:

        def register(number: int) -> int:
            email = f"{number}@conduit.test"
            account = {"username": "jake", "email": email, "password": "secret"}
            return client.post("/users", json={"user": account}).status_code

        with ThreadPoolExecutor(8) as rivals:
            assert sorted(rivals.map(register, range(8))) == [201] + [409] * 7
