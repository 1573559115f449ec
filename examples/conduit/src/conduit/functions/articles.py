from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.guards import is_article_author
from conduit.models.articles import (
    ArticleAnswer,
    ArticleDraft,
    ArticleFilter,
    ArticleList,
    ArticleRef,
    ArticleUpdate,
    Page,
)
from conduit.session import Session, viewer_of
from pikku_core import pikku_func, pikku_sessionless_func

if TYPE_CHECKING:
    from conduit.services.articles import Articles
    from pikku_app import SyncQueue


@pikku_sessionless_func(title="List articles", tags=["articles"])
def list_articles(
    data: ArticleFilter, *, articles: Articles, session: Session | None = None
) -> ArticleList:
    return articles.list(data, viewer_of(session))


@pikku_func(title="List the articles of followed authors", tags=["articles"])
def get_feed(data: Page, *, articles: Articles, session: Session) -> ArticleList:
    return articles.feed(data, session.user_id)


@pikku_sessionless_func(title="Read an article", tags=["articles"])
def get_article(
    data: ArticleRef, *, articles: Articles, session: Session | None = None
) -> ArticleAnswer:
    return ArticleAnswer(article=articles.get(data.slug, viewer_of(session)))


@pikku_func(title="Publish an article", tags=["articles"])
def create_article(
    data: ArticleDraft, *, articles: Articles, queue: SyncQueue, session: Session
) -> ArticleAnswer:
    slug = articles.add(data.article, session.user_id)
    queue.announcements.add(ArticleRef(slug=slug))
    return ArticleAnswer(article=articles.get(slug, session.user_id))


@pikku_func(title="Change an article", tags=["articles"], permissions=[is_article_author])
def update_article(data: ArticleUpdate, *, articles: Articles, session: Session) -> ArticleAnswer:
    slug = articles.change(data.slug, data.article)
    return ArticleAnswer(article=articles.get(slug, session.user_id))


@pikku_func(title="Delete an article", tags=["articles"], permissions=[is_article_author])
def delete_article(data: ArticleRef, *, articles: Articles) -> None:
    articles.delete(data.slug)


@pikku_func(title="Make an article a favourite", tags=["articles"])
def favorite_article(data: ArticleRef, *, articles: Articles, session: Session) -> ArticleAnswer:
    return ArticleAnswer(article=articles.favorite(data.slug, session.user_id))


@pikku_func(title="Make an article no longer a favourite", tags=["articles"])
def unfavorite_article(data: ArticleRef, *, articles: Articles, session: Session) -> ArticleAnswer:
    return ArticleAnswer(article=articles.unfavorite(data.slug, session.user_id))
