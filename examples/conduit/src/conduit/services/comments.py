from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any

from conduit.errors import not_found
from conduit.models.comments import Comment, CommentList
from conduit.models.profiles import Profile
from pikku_core import pikku_service

COMMENTS = """
    SELECT comments.id, comments.created_at, comments.created_at AS updated_at, comments.body,
        users.username, users.bio, users.image,
        EXISTS (
            SELECT 1 FROM follows WHERE follower_id = :viewer AND followed_id = comments.author_id
        ) AS following
    FROM comments JOIN users ON users.id = comments.author_id
"""


class Comments:
    """The comments on articles. An unknown slug or comment is a 404."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, slug: str, body: str, author: int) -> Comment:
        added = self._connection.execute(
            """
            INSERT INTO comments (article_id, author_id, body, created_at)
            SELECT id, ?, ?, ? FROM articles WHERE slug = ? RETURNING id
            """,
            [author, body, datetime.now(UTC).isoformat(), slug],
        ).fetchone()
        if added is None:
            raise not_found("article")
        row = self._connection.execute(
            f"{COMMENTS} WHERE comments.id = :id", {"id": added["id"], "viewer": author}
        ).fetchone()
        return Comment.model_validate(comment_fields(row))

    def list(self, slug: str, viewer: int | None) -> CommentList:
        """The newest first."""
        rows = self._connection.execute(
            f"{COMMENTS} WHERE article_id = :article ORDER BY comments.id DESC",
            {"article": self._article(slug), "viewer": viewer},
        )
        return CommentList(comments=[Comment.model_validate(comment_fields(row)) for row in rows])

    def author_of(self, slug: str, comment_id: int) -> int:
        row = self._connection.execute(
            "SELECT author_id FROM comments WHERE article_id = ? AND id = ?",
            [self._article(slug), comment_id],
        ).fetchone()
        if row is None:
            raise not_found("comment")
        return int(row["author_id"])

    def delete(self, comment_id: int) -> None:
        self._connection.execute("DELETE FROM comments WHERE id = ?", [comment_id])

    def _article(self, slug: str) -> int:
        row = self._connection.execute("SELECT id FROM articles WHERE slug = ?", [slug]).fetchone()
        if row is None:
            raise not_found("article")
        return int(row["id"])


def comment_fields(row: sqlite3.Row) -> dict[str, Any]:
    fields = dict(row)
    return {**fields, "author": Profile.model_validate(fields)}


@pikku_service(scope="call")
def comments(*, transaction: sqlite3.Connection) -> Comments:
    return Comments(transaction)
