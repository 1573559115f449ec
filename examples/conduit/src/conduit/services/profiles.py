from __future__ import annotations

import sqlite3

from conduit.errors import not_found
from conduit.models.profiles import Profile
from pikku_core import pikku_service


class Profiles:
    """What users show of themselves, and who follows whom. A username that nobody has is a 404."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, username: str, viewer: int | None) -> Profile:
        row = self._connection.execute(
            """
            SELECT username, bio, image, EXISTS (
                SELECT 1 FROM follows WHERE follower_id = :viewer AND followed_id = users.id
            ) AS following
            FROM users WHERE username = :username
            """,
            {"username": username, "viewer": viewer},
        ).fetchone()
        if row is None:
            raise not_found("profile")
        return Profile.model_validate(dict(row))

    def follow(self, username: str, follower: int) -> Profile:
        self._connection.execute(
            """
            INSERT INTO follows (follower_id, followed_id)
            SELECT ?, id FROM users WHERE username = ? ON CONFLICT DO NOTHING
            """,
            [follower, username],
        )
        return self.get(username, follower)

    def unfollow(self, username: str, follower: int) -> Profile:
        self._connection.execute(
            """
            DELETE FROM follows WHERE follower_id = ?
            AND followed_id = (SELECT id FROM users WHERE username = ?)
            """,
            [follower, username],
        )
        return self.get(username, follower)


@pikku_service(scope="call")
def profiles(*, transaction: sqlite3.Connection) -> Profiles:
    return Profiles(transaction)
