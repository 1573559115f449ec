from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conduit.errors import taken
from pikku_core import pikku_service

if TYPE_CHECKING:
    from conduit.models.users import UserChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A row of `users`."""

    id: int
    username: str
    email: str
    password_hash: str
    bio: str | None
    image: str | None


class Users:
    """The accounts. A username or address that somebody else has is a 409."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, *, username: str, email: str, password_hash: str) -> Account:
        with unique_fields():
            row = self._connection.execute(
                "INSERT INTO users (username, email, password_hash) VALUES (?, ?, ?) RETURNING *",
                [username, email, password_hash],
            ).fetchone()
        return Account(**row)

    def get(self, user_id: int) -> Account:
        """The account that a session names: it exists, for none is ever deleted."""
        row = self._connection.execute("SELECT * FROM users WHERE id = ?", [user_id]).fetchone()
        return Account(**row)

    def find(self, email: str) -> Account | None:
        row = self._connection.execute("SELECT * FROM users WHERE email = ?", [email]).fetchone()
        return None if row is None else Account(**row)

    def followers_of(self, username: str) -> list[Account]:
        """Who follows an author, the first one first."""
        rows = self._connection.execute(
            """
            SELECT followers.* FROM follows
            JOIN users AS followers ON followers.id = follower_id
            JOIN users AS authors ON authors.id = followed_id
            WHERE authors.username = ? ORDER BY followers.id
            """,
            [username],
        ).fetchall()
        return [Account(**row) for row in rows]

    def change(self, user_id: int, changes: UserChanges, password_hash: str | None) -> Account:
        with unique_fields():
            row = self._connection.execute(
                """
                UPDATE users
                SET username = coalesce(:username, username),
                    email = coalesce(:email, email),
                    password_hash = coalesce(:password_hash, password_hash),
                    bio = iif(:sets_bio, :bio, bio),
                    image = iif(:sets_image, :image, image)
                WHERE id = :id
                RETURNING *
                """,
                {
                    **changes.model_dump(exclude={"password"}),
                    "password_hash": password_hash,
                    "sets_bio": "bio" in changes.model_fields_set,
                    "sets_image": "image" in changes.model_fields_set,
                    "id": user_id,
                },
            ).fetchone()
        return Account(**row)


@contextmanager
def unique_fields() -> Generator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        # SQLite says "UNIQUE constraint failed: users.email", and has no other way to say which.
        raise taken(str(error).rpartition(".")[2]) from error


@pikku_service(scope="call")
def users(*, transaction: sqlite3.Connection) -> Users:
    return Users(transaction)
