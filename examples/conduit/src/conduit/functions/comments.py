from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.guards import is_comment_author
from conduit.models.articles import ArticleRef
from conduit.models.comments import CommentAnswer, CommentDraft, CommentList, CommentRef
from conduit.session import Session, viewer_of
from pikku_core import pikku_func, pikku_sessionless_func

if TYPE_CHECKING:
    from conduit.services.comments import Comments


@pikku_sessionless_func(title="List the comments on an article", tags=["comments"])
def list_comments(
    data: ArticleRef, *, comments: Comments, session: Session | None = None
) -> CommentList:
    return comments.list(data.slug, viewer_of(session))


@pikku_func(title="Comment on an article", tags=["comments"])
def create_comment(data: CommentDraft, *, comments: Comments, session: Session) -> CommentAnswer:
    return CommentAnswer(comment=comments.add(data.slug, data.comment.body, session.user_id))


@pikku_func(title="Delete a comment", tags=["comments"], permissions=[is_comment_author])
def delete_comment(data: CommentRef, *, comments: Comments) -> None:
    comments.delete(data.id)
