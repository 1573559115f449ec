"""A function needs no server and no App: what it asks for is in its signature."""

from __future__ import annotations

from datetime import UTC, datetime

from conduit.functions.articles import create_article
from conduit.functions.tags import list_tags
from conduit.models.articles import Article, ArticleDraft, ArticleRef, NewArticle
from conduit.models.profiles import Profile
from conduit.models.tags import TagList
from conduit.services.articles import Articles
from conduit.services.tags import Tags
from conduit.session import Session
from pikku_core.testing import stub
from pikku_queue.testing import Added, added, fake_sync_queue

ARTICLE = Article(
    slug="dragons",
    title="Dragons",
    description="About dragons",
    body="They exist.",
    tag_list=[],
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    updated_at=datetime(2026, 1, 1, tzinfo=UTC),
    favorited=False,
    favorites_count=0,
    author=Profile(username="jake", bio=None, image=None, following=False),
)


def test_a_function_is_called_with_what_it_needs() -> None:
    tags = stub(Tags, list=["dragons", "training"])
    assert list_tags(tags=tags) == TagList(tags=["dragons", "training"])


def test_an_article_that_is_published_is_to_be_announced() -> None:
    queue = fake_sync_queue()
    new = NewArticle(title="Dragons", description="About dragons", body="They exist.")
    create_article(
        ArticleDraft(article=new),
        articles=stub(Articles, add="dragons", get=ARTICLE),
        queue=queue,
        session=Session(user_id=1),
    )
    assert added(queue) == [Added("announcements", ArticleRef(slug="dragons"))]
