from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.errors import forbidden
from conduit.services.articles import Articles
from conduit.services.comments import Comments
from pikku_core import pikku_permission

if TYPE_CHECKING:
    from conduit.models.articles import ArticleRef
    from conduit.models.comments import CommentRef
    from conduit.services.database import Database
    from conduit.session import Session


@pikku_permission
def is_article_author(data: ArticleRef, *, database: Database, session: Session) -> bool:
    with database.transaction() as connection:
        if Articles(connection).author_of(data.slug) != session.user_id:
            raise forbidden("article")
    return True


@pikku_permission
def is_comment_author(data: CommentRef, *, database: Database, session: Session) -> bool:
    with database.transaction() as connection:
        if Comments(connection).author_of(data.slug, data.id) != session.user_id:
            raise forbidden("comment")
    return True
