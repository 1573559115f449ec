from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from conduit.models.fields import (
    LARGEST_INTEGER,
    NOT_BLANK,
    Model,
    Text,
    TextChange,
    Timestamp,
    present,
)
from conduit.models.profiles import Profile


class ArticleRef(Model):
    slug: str


class Page(Model):
    limit: int = Field(default=20, ge=1, le=1000)
    offset: int = Field(default=0, ge=0, le=LARGEST_INTEGER)


class ArticleFilter(Page):
    """Which articles to list; conditions that are given must hold together.

    Attributes:
        author: The username of who wrote it.
        favorited: The username of somebody whose favourite it is.
    """

    tag: str | None = None
    author: str | None = None
    favorited: str | None = None


class NewArticle(Model):
    title: Text
    description: Text
    body: Text
    tag_list: list[Text] = Field(default_factory=list[str])


class ArticleDraft(Model):
    article: NewArticle


class ArticleChanges(Model):
    """What to change: only what was sent is touched; an empty `tagList` removes all tags."""

    title: TextChange = None
    description: TextChange = None
    body: TextChange = None
    tag_list: Annotated[
        list[Text] | None,
        BeforeValidator(present),
        WithJsonSchema({"type": "array", "items": NOT_BLANK}),
    ] = None


class ArticleUpdate(ArticleRef):
    article: ArticleChanges


class ArticleSummary(Model):
    """An article as lists show it: without its body."""

    slug: str
    title: str
    description: str
    tag_list: list[str]
    created_at: Timestamp
    updated_at: Timestamp
    favorited: bool
    favorites_count: int
    author: Profile


class Article(ArticleSummary):
    body: str


class ArticleAnswer(Model):
    article: Article


class ArticleList(Model):
    """One page; `articles_count` counts all pages."""

    articles: list[ArticleSummary]
    articles_count: int
