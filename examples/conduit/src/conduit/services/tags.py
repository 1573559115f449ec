from __future__ import annotations

import sqlite3

from pikku_core import pikku_service


class Tags:
    """The tags that articles have."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def list(self) -> list[str]:
        """All of them, the most used first."""
        rows = self._connection.execute(
            "SELECT tag FROM article_tags GROUP BY tag ORDER BY count(*) DESC, tag"
        )
        return [row["tag"] for row in rows]


@pikku_service(scope="call")
def tags(*, transaction: sqlite3.Connection) -> Tags:
    return Tags(transaction)
