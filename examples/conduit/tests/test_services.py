from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from conduit.models.articles import ArticleFilter, NewArticle
from conduit.services.articles import Articles
from conduit.services.database import Database
from conduit.services.passwords import Passwords
from conduit.services.tokens import tokens
from conduit.services.users import Users
from pikku_core import ConflictError, UnauthorizedError
from pikku_core.services import Tokens
from pikku_core.testing import MovableClock, fake_secrets


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "conduit.sqlite")
    yield database
    database.close()


def test_what_a_failing_transaction_wrote_is_not_kept(database: Database) -> None:
    def add_twice() -> None:
        with database.transaction() as connection:
            for _ in range(2):
                Users(connection).add(username="jake", email="jake@conduit.test", password_hash="")

    with pytest.raises(ConflictError):
        add_twice()
    with database.transaction() as connection:
        assert Users(connection).find("jake@conduit.test") is None


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.transaction() as writing, database.transaction() as reading:
        author = Users(writing).add(username="jake", email="j@conduit.test", password_hash="")
        Articles(writing).add(NewArticle(title="T", description="d", body="b"), author.id)
        assert Articles(reading).list(ArticleFilter(), None).articles_count == 0


def test_a_password_matches_its_hash_only() -> None:
    passwords = Passwords()
    password_hash = passwords.hash(SecretStr("secret"))
    assert passwords.match(SecretStr("secret"), password_hash)
    assert not passwords.match(SecretStr("guess"), password_hash)
    assert not passwords.match(SecretStr("secret"), None)


def tokens_of(database: Database, signing: str | None = None) -> Tokens:
    return tokens(secrets=fake_secrets(signing=signing), database=database, clock=MovableClock())


def test_a_token_names_its_user_after_a_restart(database: Database) -> None:
    token = tokens_of(database).issue("7")
    assert tokens_of(database).read(token)["sub"] == "7"


def test_a_token_of_another_secret_is_not_valid(database: Database) -> None:
    token = tokens_of(database, "one").issue("7")
    with pytest.raises(UnauthorizedError):
        tokens_of(database, "two").read(token)


def test_a_token_of_another_database_is_not_valid(database: Database, tmp_path: Path) -> None:
    token = tokens_of(database, "the same").issue("7")
    other = Database(tmp_path / "other.sqlite")
    with pytest.raises(UnauthorizedError):
        tokens_of(other, "the same").read(token)
    other.close()
