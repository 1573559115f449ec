from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from conduit.errors import not_found
from conduit.models.articles import (
    Article,
    ArticleChanges,
    ArticleFilter,
    ArticleList,
    ArticleSummary,
    NewArticle,
    Page,
)
from conduit.models.profiles import Profile
from conduit.services.slugs import slugs
from pikku_core import pikku_service

ARTICLES = """
    SELECT articles.*, users.username, users.bio, users.image,
        EXISTS (
            SELECT 1 FROM follows WHERE follower_id = :viewer AND followed_id = author_id
        ) AS following,
        EXISTS (
            SELECT 1 FROM favorites WHERE article_id = articles.id AND user_id = :viewer
        ) AS favorited,
        (SELECT count(*) FROM favorites WHERE article_id = articles.id) AS favorites_count,
        (
            SELECT json_group_array(tag) FROM (
                SELECT tag FROM article_tags WHERE article_id = articles.id ORDER BY position
            )
        ) AS tag_list
    FROM articles JOIN users ON users.id = author_id
"""

COUNT = "SELECT count(*) FROM articles JOIN users ON users.id = author_id"

MATCHING = """
    WHERE (:author IS NULL OR users.username = :author)
    AND (:tag IS NULL OR EXISTS (
        SELECT 1 FROM article_tags WHERE article_id = articles.id AND tag = :tag
    ))
    AND (:favorited IS NULL OR EXISTS (
        SELECT 1 FROM favorites JOIN users AS fans ON fans.id = user_id
        WHERE article_id = articles.id AND fans.username = :favorited
    ))
"""

FOLLOWED = "WHERE author_id IN (SELECT followed_id FROM follows WHERE follower_id = :viewer)"

NEWEST_FIRST = "ORDER BY articles.id DESC LIMIT :limit OFFSET :offset"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """An article that somebody has not read yet."""

    title: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What the authors that a reader follows have published, the oldest first."""

    reader_id: int
    email: str
    news: list[News]


class Articles:
    """The articles with their tags and favourites. A slug that no article has is a 404.

    `viewer` is the user whose favourites and followed authors are marked, None for a caller who is nobody.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, slug: str, viewer: int | None) -> Article:
        row = self._connection.execute(
            f"{ARTICLES} WHERE slug = :slug", {"slug": slug, "viewer": viewer}
        ).fetchone()
        if row is None:
            raise not_found("article")
        return Article.model_validate(article_fields(row))

    def author_of(self, slug: str) -> int:
        row = self._connection.execute(
            "SELECT author_id FROM articles WHERE slug = ?", [slug]
        ).fetchone()
        if row is None:
            raise not_found("article")
        return int(row["author_id"])

    def list(self, filter: ArticleFilter, viewer: int | None) -> ArticleList:
        return self._page(MATCHING, {**filter.model_dump(), "viewer": viewer})

    def feed(self, page: Page, viewer: int) -> ArticleList:
        """The articles of the authors that the viewer follows."""
        return self._page(FOLLOWED, {**page.model_dump(), "viewer": viewer})

    def digests(self, since: datetime, until: datetime) -> Sequence[Digest]:
        """For each reader what followed authors have published later than `since` and not later than `until`."""
        rows = self._connection.execute(
            """
            SELECT readers.id, readers.email, articles.title, users.username AS author
            FROM articles
            JOIN users ON users.id = author_id
            JOIN follows ON followed_id = author_id
            JOIN users AS readers ON readers.id = follower_id
            WHERE created_at > ? AND created_at <= ?
            ORDER BY readers.id, articles.id
            """,
            [since.astimezone(UTC).isoformat(), until.astimezone(UTC).isoformat()],
        ).fetchall()
        return [
            Digest(
                reader_id=reader,
                email=email,
                news=[News(title=row["title"], author=row["author"]) for row in news],
            )
            for (reader, email), news in groupby(rows, lambda row: (row["id"], row["email"]))
        ]

    def add(self, article: NewArticle, author: int) -> str:
        """Stores it and returns its slug."""
        candidates = slugs(article.title)
        while True:
            slug = next(candidates)
            row = self._connection.execute(
                """
                INSERT INTO articles (slug, title, description, body, created_at, updated_at, author_id)
                VALUES (:slug, :title, :description, :body, :now, :now, :author)
                ON CONFLICT (slug) DO NOTHING RETURNING id
                """,
                {**article.model_dump(), "slug": slug, "now": now(), "author": author},
            ).fetchone()
            if row is not None:
                self._set_tags(row["id"], article.tag_list)
                return slug

    def change(self, slug: str, changes: ArticleChanges) -> str:
        """Applies the changes and returns the slug, which follows the title."""
        row = self._connection.execute(
            "UPDATE articles SET updated_at = ? WHERE slug = ? RETURNING id, title", [now(), slug]
        ).fetchone()
        if row is None:
            raise not_found("article")
        article_id: int = row["id"]
        if changes.title is not None and changes.title != row["title"]:
            slug = self._rename(article_id, changes.title)
        self._connection.execute(
            """
            UPDATE articles
            SET title = coalesce(:title, title),
                description = coalesce(:description, description),
                body = coalesce(:body, body)
            WHERE id = :id
            """,
            {**changes.model_dump(), "id": article_id},
        )
        if changes.tag_list is not None:
            self._set_tags(article_id, changes.tag_list)
        return slug

    def delete(self, slug: str) -> None:
        self._connection.execute("DELETE FROM articles WHERE slug = ?", [slug])

    def favorite(self, slug: str, user: int) -> Article:
        self._connection.execute(
            """
            INSERT INTO favorites (article_id, user_id)
            SELECT id, ? FROM articles WHERE slug = ? ON CONFLICT DO NOTHING
            """,
            [user, slug],
        )
        return self.get(slug, user)

    def unfavorite(self, slug: str, user: int) -> Article:
        self._connection.execute(
            """
            DELETE FROM favorites WHERE user_id = ?
            AND article_id = (SELECT id FROM articles WHERE slug = ?)
            """,
            [user, slug],
        )
        return self.get(slug, user)

    def _page(self, condition: str, parameters: dict[str, Any]) -> ArticleList:
        rows = self._connection.execute(f"{ARTICLES} {condition} {NEWEST_FIRST}", parameters)
        articles = [ArticleSummary.model_validate(article_fields(row)) for row in rows]
        (count,) = self._connection.execute(f"{COUNT} {condition}", parameters).fetchone()
        return ArticleList(articles=articles, articles_count=count)

    def _rename(self, article_id: int, title: str) -> str:
        candidates = slugs(title)
        while True:
            slug = next(candidates)
            renamed = self._connection.execute(
                "UPDATE OR IGNORE articles SET slug = ? WHERE id = ?", [slug, article_id]
            )
            if renamed.rowcount:
                return slug

    def _set_tags(self, article_id: int, tags: Sequence[str]) -> None:
        self._connection.execute("DELETE FROM article_tags WHERE article_id = ?", [article_id])
        self._connection.executemany(
            "INSERT INTO article_tags (article_id, position, tag) VALUES (?, ?, ?)",
            [(article_id, position, tag) for position, tag in enumerate(dict.fromkeys(tags))],
        )


def article_fields(row: sqlite3.Row) -> dict[str, Any]:
    fields = dict(row)
    return {
        **fields,
        "tag_list": json.loads(fields["tag_list"]),
        "author": Profile.model_validate(fields),
    }


def now() -> str:
    return datetime.now(UTC).isoformat()


@pikku_service(scope="call")
def articles(*, transaction: sqlite3.Connection) -> Articles:
    return Articles(transaction)
